/**
 * How long Azure takes, in seconds at speed 1; `typical` is the middle, jitter makes ±20 % of it.
 * One row for each operation that takes time; whoever adds a resource type adds its rows here.
 */
export const latencies = {
  'request.read': { typical: 0.08, source: 'observed typical: a GET through ARM answers in 50-150 ms' },
  'request.write': { typical: 0.25, source: 'observed typical: PUT/POST/DELETE through ARM take 200-400 ms to be accepted' },
  'resourceGroup.delete': { typical: 15, source: 'observed typical: an emptied group goes in 15-20 s' },
  'roleAssignment.effective': { typical: 30, source: 'learn: troubleshooting Azure RBAC says up to 10 minutes; typically under a minute' },
  'provider.register': { typical: 30, source: 'observed typical: 20-60 s until Registered' },
  'virtualMachine.create': { typical: 45, source: 'observed typical: Linux VM from a marketplace image Succeeded after 40-60 s' },
  'virtualMachine.update': { typical: 8, source: 'observed typical' },
  'virtualMachine.delete': { typical: 40, source: 'observed typical: 30-60 s' },
  'virtualMachine.start': { typical: 30, source: 'observed typical: 20-45 s' },
  'virtualMachine.deallocate': { typical: 40, source: 'observed typical: 30-60 s' },
  'virtualMachine.powerOff': { typical: 15, source: 'observed typical' },
  'virtualMachine.restart': { typical: 25, source: 'observed typical' },
  'machine.boot': { typical: 25, source: 'observed typical: kernel to cloud-init done on Ubuntu' },
  'machine.install': { typical: 420, source: 'Hopsworks docs: a cluster is ready after 10-15 minutes in all' },
  'machine.start': {
    typical: 150,
    source: 'Hopsworks docs: starting a stopped cluster takes minutes; RonDB, HopsFS, Kafka and the application server in turn',
  },
  'machine.decommission': { typical: 60, source: 'YARN and HDFS decommissioning of an idle worker: about a minute' },
  'machine.backup': { typical: 120, source: 'Hopsworks docs: an online backup takes minutes' },
  'machine.health': { typical: 5, source: 'a request to the API, a question to RonDB' },
  'machine.password': { typical: 3, source: 'one statement in the database' },
  'image.create': { typical: 60, source: 'observed typical: a managed image or gallery version in one region' },
  'disk.access': { typical: 2, source: 'observed typical' },
  'disk.create': { typical: 3, source: 'observed typical' },
  'disk.delete': { typical: 4, source: 'observed typical' },
  'snapshot.create': { typical: 5, source: 'observed typical: incremental snapshots answer at once and copy behind' },
  'snapshot.delete': { typical: 4, source: 'observed typical' },
  'virtualNetwork.write': { typical: 4, source: 'observed typical: 3-5 s' },
  'virtualNetwork.delete': { typical: 10, source: 'observed typical: the poller needs 10 s' },
  'subnet.write': { typical: 4, source: 'observed typical' },
  'subnet.delete': { typical: 10, source: 'observed typical: the poller needs 10 s' },
  'networkSecurityGroup.write': { typical: 3, source: 'observed typical' },
  'networkSecurityGroup.delete': { typical: 10, source: 'observed typical: the poller needs 10 s' },
  'publicIPAddress.write': { typical: 3, source: 'observed typical' },
  'publicIPAddress.delete': { typical: 10, source: 'observed typical: the poller needs 10 s' },
  'networkInterface.write': { typical: 2, source: 'observed typical' },
  'networkInterface.delete': { typical: 10, source: 'observed typical: the poller needs 10 s' },
  'storageAccount.create': { typical: 20, source: 'observed typical: 18-25 s' },
  'container.delete': { typical: 35, source: 'learn: Delete Container says that its name stays taken for at least 30 seconds' },
  'event.deliver': { typical: 0.5, source: 'learn: event-grid/overview says near real time; observed typical: below a second' },
  'containerRegistry.create': { typical: 8, source: 'observed typical: 5-15 s' },
} as const satisfies Record<string, { typical: number; source: string }>

export type Latency = keyof typeof latencies

/** Jitter as a share of the typical value, both ways. */
export const JITTER = 0.2

/** Chosen so that a first cluster (head with public IP, network, one RonDB node) runs in about 15 s. */
export const DEFAULT_SPEED = 50
