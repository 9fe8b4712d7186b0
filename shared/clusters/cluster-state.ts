/** The states on the wire, to the letter (contract §2.1). */
export const clusterStates = [
  'starting',
  'pending',
  'initializing',
  'running',
  'stopping',
  'stopped',
  'error',
  'termination-warning',
  'shutting-down',
  'updating',
  'decommissioning',
  'rondb-initializing',
  'starting-hopsworks',
  'command-failed',
  'externally-stopped',
  'externally-shutting-down',
  'externally-terminated',
  'worker-pending',
  'worker-initializing',
  'worker-starting',
  'worker-error',
  'worker-shutting-down',
  'worker-decommissioning',
  'secondary-initializing',
  'secondary-error',
] as const
export type ClusterState = (typeof clusterStates)[number]

export const activationStates = ['startable', 'stoppable', 'terminable'] as const
export type ActivationState = (typeof activationStates)[number]
