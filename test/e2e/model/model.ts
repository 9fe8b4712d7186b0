import type { CallName } from '../races/calls.ts'

/** The life of one cluster as its documentation tells it, at rest between two commands: pure, and without a word of the app's own code. */

/** What Azure is made to refuse: new machines, to let one go, or the migration to succeed. */
export const troubles = ['no-machines', 'no-stop', 'no-migration'] as const
export type Trouble = (typeof troubles)[number]

/** `start-resized`: a start after whose failure the head was given another size; its plan is of no use any more. */
type Failed = 'create' | 'stop' | 'start' | 'start-resized' | 'add' | 'upgrade'

export interface Model {
  readonly phase: 'running' | 'stopped' | 'error' | 'worker-error'
  /** What left it in `error` or `worker-error`, and can be retried. */
  readonly failed?: Failed | undefined
  readonly trouble?: Trouble | undefined
  readonly isOld: boolean
  /** How far an upgrade has come that failed. */
  readonly upgrade?: 'preparing' | 'replacing' | undefined
  readonly workers: number
  /** Of them, those that could not be made. */
  readonly owed: number
  readonly scales: boolean
  readonly ssh: boolean
  /** Of the head: as it is shown, and as the machine is; undefined: Azure has begun to change it and failed. */
  readonly isLarge: boolean
  readonly isMachineLarge: boolean | undefined
  readonly locked: boolean
}

export type Command = CallName | 'lock' | 'unlock' | 'mend' | Trouble

const isUp = ({ phase }: Model) => phase === 'running' || phase === 'worker-error'
const hasFailedToStart = ({ phase, failed }: Model) => phase === 'error' && (failed === 'start' || failed === 'start-resized')
const isHalfway = (model: Model) => hasFailedToStart(model) || (model.phase === 'error' && model.failed === 'stop')
const startResumes = ({ failed, upgrade }: Model) => failed === 'upgrade' && upgrade === 'preparing'

/** Whether the cluster's state lets a command through; what is asked for may still be nonsense. */
export const allows: Record<Exclude<CallName, 'retry'>, (model: Model) => boolean> = {
  start: (model) => model.phase === 'stopped' || isHalfway(model) || startResumes(model),
  stop: (model) => isUp(model) || isHalfway(model),
  restart: isUp,
  delete: ({ locked }) => !locked,
  addWorkers: isUp,
  removeWorkers: isUp,
  upgrade: ({ phase, upgrade }) => (phase === 'running' || phase === 'stopped') && !upgrade,
  rollback: ({ upgrade }) => upgrade !== undefined,
  openPorts: ({ phase, failed }) => phase !== 'error' || failed !== 'create',
  resize: (model) => model.phase === 'stopped' || hasFailedToStart(model),
  autoscale: ({ phase }) => phase !== 'error',
  stay: () => true,
  backup: ({ phase }) => phase === 'running',
}

/** Whether what the command asks for can be had. */
const isHad: Partial<Record<CallName, (model: Model) => boolean>> = {
  removeWorkers: ({ workers }) => workers > 0,
  upgrade: ({ isOld }) => isOld,
  retry: ({ failed }) => failed !== undefined && failed !== 'start-resized',
}

export const isAccepted = (model: Model, name: CallName): boolean =>
  (name === 'retry' || allows[name](model)) && (isHad[name]?.(model) ?? true)

const MOST_WORKERS = 3

/** What the model has no opinion on: whether Azure is asked for what it refuses depends on how far something came before it failed. */
export function isClear(model: Model, command: Command): boolean {
  const { phase, failed, trouble, upgrade, workers } = model
  switch (command) {
    case 'no-machines':
    case 'no-stop':
    case 'no-migration':
      return phase !== 'error' && trouble === undefined
    case 'mend':
      return trouble !== undefined
    case 'addWorkers':
      return workers < MOST_WORKERS
    case 'upgrade':
      return trouble !== 'no-stop' || phase === 'running'
    case 'rollback':
      return upgrade === undefined || trouble === undefined
    case 'retry':
      return failed !== undefined
    default:
      return true
  }
}

const healthy = { phase: 'running', failed: undefined, owed: 0 } as const

function started(model: Model): Model {
  const resizes = model.isLarge !== model.isMachineLarge
  if (model.trouble === 'no-machines' && (model.workers > 0 || resizes))
    return { ...model, phase: 'error', failed: 'start', ...(resizes && { isMachineLarge: undefined }) }
  return { ...model, ...healthy, isMachineLarge: model.isLarge }
}

const stopped = (model: Model): Model =>
  model.trouble === 'no-stop' ? { ...model, phase: 'error', failed: 'stop' } : { ...model, phase: 'stopped', failed: undefined, owed: 0 }

/** All that are missing are made at once. */
const made = (model: Model): Model =>
  model.trouble === 'no-machines' ? { ...model, phase: 'worker-error', failed: 'add' } : { ...model, ...healthy }

function upgraded(model: Model, wasUp: boolean): Model {
  const begun = { ...model, isOld: false }
  if (model.trouble === 'no-stop' && wasUp) return { ...begun, phase: 'error', failed: 'upgrade', upgrade: 'preparing' }
  if (model.trouble === undefined || model.trouble === 'no-stop')
    return { ...begun, ...healthy, upgrade: undefined, isMachineLarge: model.isLarge }
  return { ...begun, phase: 'error', failed: 'upgrade', upgrade: 'replacing' }
}

/** An addition that was not wanted any more is owed no longer; one that is, still is. */
const lessOne = (model: Model): Model => {
  const owed = Math.max(0, model.owed - 1)
  return { ...model, workers: model.workers - 1, owed, phase: owed > 0 ? 'worker-error' : 'running', failed: undefined }
}

function retried(model: Model): Model {
  switch (model.failed) {
    case 'create':
      return model.trouble === 'no-machines' ? model : { ...model, ...healthy }
    case 'stop':
      return stopped(model)
    case 'start':
      return started(model)
    case 'add':
      return made(model)
    case 'upgrade':
      return upgraded(model, model.upgrade === 'preparing')
    default:
      return model
  }
}

/** The cluster once an accepted command has had its effect. */
export function after(model: Model, command: Command): Model {
  switch (command) {
    case 'no-machines':
    case 'no-stop':
    case 'no-migration':
      return { ...model, trouble: command }
    case 'mend':
      return { ...model, trouble: undefined }
    case 'lock':
      return { ...model, locked: true }
    case 'unlock':
      return { ...model, locked: false }
    case 'start':
      return startResumes(model) ? upgraded(model, true) : started(model)
    case 'stop':
      return stopped(model)
    case 'restart':
      // Workers that are owed are not made by it, and its own part has succeeded.
      return { ...model, failed: undefined }
    case 'addWorkers':
      return made({ ...model, workers: model.workers + 1, owed: model.owed + 1 })
    case 'removeWorkers':
      return lessOne(model)
    case 'upgrade':
      return upgraded(model, model.phase === 'running')
    case 'rollback':
      return { ...model, phase: 'stopped', failed: undefined, upgrade: undefined, isOld: true, owed: 0 }
    case 'openPorts':
      return { ...model, ssh: !model.ssh }
    case 'resize':
      return { ...model, isLarge: !model.isLarge, failed: model.failed === 'start' ? 'start-resized' : model.failed }
    case 'autoscale':
      return { ...model, scales: true }
    case 'stay':
      return { ...model, scales: false }
    case 'retry':
      return retried(model)
    case 'backup':
    case 'delete':
      return model
  }
}
