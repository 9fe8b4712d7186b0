import { goRequest } from '../go-request.ts'
import { type Decoder, int, parseJson, pointer, struct, text } from './go-json.ts'
import { type Backup, type Cluster, payloads, type SupportedTypes, type SupportedVersion } from './wire-structs.ts'

export type ProviderClient = ReturnType<typeof providerClient>

type Answer<T> = { readonly found: true; readonly payload: T } | { readonly found: false }

/** The client inside the Terraform provider: its 21 calls, and what it makes of an answer [contract §1.2, §1.3]. It never tries twice. */
export function providerClient({ url, key }: { readonly url: string; readonly key: string }) {
  async function call<T>(method: string, path: string, payload: Decoder<T>, body?: object): Promise<Answer<T>> {
    const answer = await goRequest(method, url + path, { key, ...(body && { body: JSON.stringify(body) }) })
    if (answer.status === 403) throw new Error(`the API token provided does not have access to hopsworks.ai: ${answer.text}`)
    const { code, message, ...envelope } = struct({ apiVersion: text, status: text, code: int, message: text, payload: pointer(payload) })(
      decoded(answer.text, `${answer.status}, path: ${path}`),
      'response',
    )
    // The client formats with the message as the format.
    if (message.includes('%')) throw new Error(`a message that would be mangled: ${message}`)
    // Only the code counts; what is in front of the host goes by the status.
    if (code !== answer.status) throw new Error(`code ${code} under HTTP status ${answer.status}`)
    if (code === 404) return { found: false }
    if (Math.floor(code / 100) !== 2) throw new Error(message)
    return { found: true, payload: envelope.payload ?? payload(undefined, 'payload') }
  }

  /** Of a call that is no look at one object: 404 passes for success. */
  async function done<T>(method: string, path: string, payload: Decoder<T>, body?: object): Promise<T> {
    const answer = await call(method, path, payload, body)
    return answer.found ? answer.payload : payload(undefined, 'payload')
  }

  const act = async (method: string, path: string, body?: object): Promise<void> => void (await done(method, path, payloads.none, body))
  const cluster = (id: string, rest = '') => `/api/clusters/${id}${rest}`

  return {
    clusters: async (cloud = ''): Promise<readonly Cluster[]> =>
      (await done('GET', `/api/clusters${cloud && `?cloud=${cloud}`}`, payloads.clusters)).clusters,
    newCluster: async (body: object): Promise<string> => (await done('POST', '/api/clusters', payloads.id, body)).id,
    async cluster(id: string): Promise<Cluster | undefined> {
      const answer = await call('GET', cluster(id), payloads.cluster)
      return answer.found ? answer.payload.cluster : undefined
    },
    deleteCluster: (id: string) => act('DELETE', cluster(id)),
    stop: (id: string) => act('PUT', cluster(id, '/stop')),
    start: (id: string) => act('PUT', cluster(id, '/start')),
    addWorkers: (id: string, workers: readonly object[]) => act('POST', cluster(id, '/workers'), { workers }),
    removeWorkers: (id: string, workers: readonly object[]) => act('DELETE', cluster(id, '/workers'), { workers }),
    openPorts: (id: string, ports: object) => act('POST', cluster(id, '/ports'), { ports }),
    async supportedTypes(region = ''): Promise<SupportedTypes> {
      const path = `/api/clusters/nodes/supported-types?cloud=AZURE${region && `&region=${region}`}`
      return (await done('GET', path, payloads.supportedTypes)).azure
    },
    configureAutoscale: (id: string, nonGpu: object) => act('POST', cluster(id, '/autoscale'), { autoscale: { nonGpu } }),
    disableAutoscale: (id: string) => act('DELETE', cluster(id, '/autoscale')),
    newBackup: async (clusterId: string, backupName: string): Promise<string> =>
      (await done('POST', '/api/backups', payloads.backupId, { backup: { clusterId, backupName } })).backupId,
    async backup(id: string): Promise<Backup | undefined> {
      const answer = await call('GET', `/api/backups/${id}`, payloads.backup)
      return answer.found ? answer.payload.backup : undefined
    },
    deleteBackup: (id: string) => act('DELETE', `/api/backups/${id}`),
    backups: async (clusterId = ''): Promise<readonly Backup[]> =>
      (await done('GET', `/api/backups${clusterId && `?clusterId=${clusterId}`}`, payloads.backups)).backups,
    newClusterFromBackup: async (backupId: string, changes: object): Promise<string> =>
      (await done('POST', `/api/clusters/restore/${backupId}`, payloads.id, { cluster: changes })).id,
    versions: async (): Promise<readonly SupportedVersion[]> =>
      (await done('GET', '/api/clusters/hopsworks/versions/AZURE', payloads.versions)).versions,
    upgrade: (id: string, version: string, dockerRegistryAccount: string) =>
      act('POST', cluster(id, '/upgrade'), { version, ...(dockerRegistryAccount && { dockerRegistryAccount }) }),
    rollback: (id: string) => act('PUT', cluster(id, '/upgrade/rollback')),
    modifyInstanceType: (id: string, nodeType: string, instanceType: string) =>
      act('PUT', cluster(id, '/nodes/modify-instance-type'), { nodeInfo: { nodeType, instanceType } }),
  }
}

function decoded(body: string, of: string): unknown {
  try {
    return parseJson(body)
  } catch (error) {
    throw new Error(`failed to decode json, resp: ${of} err: ${error}`)
  }
}
