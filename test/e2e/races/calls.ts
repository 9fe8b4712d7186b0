import type { Answer, Api, WireCluster } from '../api.ts'
import type { WAITERS } from '../waiters.ts'

/** What can be asked of a cluster, as the races and the model ask for it. */

export const WORKER = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
const OTHER_WORKER = { instanceType: 'Standard_D4s_v4', diskSize: 256 }
export const OLD_VERSION = '3.8.0'
export const NEW_VERSION = '3.9.0'

const POLICY = { ...OTHER_WORKER, minWorkers: 0, maxWorkers: 2, standbyWorkers: 0.5, downscaleWaitTime: 300 }

export interface Call {
  /** Its name among the allowed actions; absent: it is not among them. */
  readonly action?: string
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string | ((cluster: WireCluster) => string)
  readonly body?: (cluster: WireCluster) => object
  /** Who wins keeps the cluster to itself until it has ended, and is waited for like this. */
  readonly waiter?: keyof typeof WAITERS
  /** What must hold beside the cluster's state for the call to make sense. */
  readonly makesSense?: (cluster: WireCluster) => boolean
}

const workersOf = ({ clusterConfiguration }: WireCluster) => clusterConfiguration.workers
const countOf = (cluster: WireCluster) => workersOf(cluster).reduce((sum, { count }) => sum + count, 0)

const headOf = ({ clusterConfiguration }: WireCluster) => (clusterConfiguration as unknown as { head: { instanceType: string } }).head
/** One of two sizes: the one that the head does not have. */
const otherSize = (cluster: WireCluster) => (headOf(cluster).instanceType === 'Standard_D2s_v4' ? 'Standard_D4s_v4' : 'Standard_D2s_v4')

/** More would only cost time. */
const MOST_WORKERS = 2

export const calls = {
  start: { action: 'start', method: 'PUT', path: '/start', waiter: 'run' },
  stop: { action: 'stop', method: 'PUT', path: '/stop', waiter: 'stop' },
  restart: { action: 'restart', method: 'PUT', path: '/restart', waiter: 'run' },
  delete: { action: 'delete', method: 'DELETE', path: '', waiter: 'delete' },
  addWorkers: {
    action: 'add-workers',
    method: 'POST',
    path: '/workers',
    body: () => ({ workers: [{ ...WORKER, count: 1 }] }),
    waiter: 'run',
    makesSense: (cluster) => countOf(cluster) < MOST_WORKERS,
  },
  removeWorkers: {
    action: 'remove-workers',
    method: 'DELETE',
    path: '/workers',
    body: () => ({ workers: [{ ...WORKER, count: 1 }] }),
    waiter: 'run',
    makesSense: (cluster) => countOf(cluster) > 0,
  },
  upgrade: {
    action: 'upgrade',
    method: 'POST',
    path: '/upgrade',
    body: () => ({ version: NEW_VERSION }),
    waiter: 'upgrade',
    makesSense: ({ version }) => version === OLD_VERSION,
  },
  rollback: { action: 'rollback', method: 'PUT', path: '/upgrade/rollback', waiter: 'stop' },
  retry: {
    method: 'POST',
    path: ({ failedOperation }) => `/api/operations/${failedOperation}/retry`,
    waiter: 'upgrade',
    makesSense: ({ state, failedOperation }) => state === 'error' && failedOperation !== undefined,
  },
  backup: {
    action: 'backup',
    method: 'POST',
    path: () => '/api/backups',
    body: ({ id }) => ({ backup: { clusterId: id, backupName: 'saved' } }),
    waiter: 'run',
  },
  openPorts: {
    action: 'open-ports',
    method: 'POST',
    path: '/ports',
    body: ({ ports }) => ({ ports: { ...(ports as object), ssh: !(ports as { ssh: boolean }).ssh } }),
  },
  resize: {
    action: 'modify-instance-type',
    method: 'PUT',
    path: '/nodes/modify-instance-type',
    body: (cluster) => ({ nodeInfo: { nodeType: 'head', instanceType: otherSize(cluster) } }),
  },
  autoscale: {
    action: 'configure-autoscale',
    method: 'POST',
    path: '/autoscale',
    body: () => ({ autoscale: { nonGpu: POLICY } }),
  },
  stay: { action: 'disable-autoscale', method: 'DELETE', path: '/autoscale' },
} satisfies Record<string, Call>

export type CallName = keyof typeof calls
export const callNames = Object.keys(calls) as readonly CallName[]
export const callOf = (name: CallName): Call => calls[name]

export const urlOf = ({ path }: Call, cluster: WireCluster): string =>
  typeof path === 'string' ? `/api/clusters/${cluster.id}${path}` : path(cluster)

/** A retry answers with the whole operation. */
interface Begun {
  readonly operation?: string | { readonly id: string }
}

export const send = (api: Api, call: Call, cluster: WireCluster): Promise<Answer<Begun | undefined>> =>
  api.call(call.method, urlOf(call, cluster), call.body?.(cluster))

/** Id of the operation that was begun. */
export function begun({ code, payload }: Answer<Begun | undefined>): string | undefined {
  const operation = code === 202 ? payload?.operation : undefined
  return typeof operation === 'string' ? operation : operation?.id
}

/** Whether it would be done; a refusal has its reason. */
export async function ask(api: Api, call: Call, cluster: WireCluster): Promise<{ goesThrough: boolean; reason?: string }> {
  const { code, message } = await api.call(call.method, `${urlOf(call, cluster)}?dryRun=true`, call.body?.(cluster))
  return code === 200 ? { goesThrough: true } : { goesThrough: false, reason: `${code} ${message}` }
}

/** Whether the cluster says that it may be done now. */
export const isAllowed = ({ action, makesSense }: Call, cluster: WireCluster): boolean =>
  (action === undefined || cluster.allowedActions.some((one) => one.action === action && one.allowed)) && (makesSense?.(cluster) ?? true)
