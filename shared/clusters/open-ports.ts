import type { InboundRule } from '../azure/network-security-group.ts'
import type { Ports } from './cluster.ts'

/** The UI, and port 80 for the certificate's challenge (contract §5.2). */
const always: readonly InboundRule[] = [
  { name: 'http', priority: 100, ports: ['80'] },
  { name: 'https', priority: 110, ports: ['443'] },
]

/** What a caller can open besides (contract §5.3). */
const services: Record<keyof Ports, InboundRule> = {
  featureStore: { name: 'feature-store', priority: 200, ports: ['8020', '30010', '9083', '9085'] },
  onlineFeatureStore: { name: 'online-feature-store', priority: 210, ports: ['3306'] },
  kafka: { name: 'kafka', priority: 220, ports: ['9092'] },
  ssh: { name: 'ssh', priority: 230, ports: ['22'] },
}

export const closedPorts: Ports = { featureStore: false, onlineFeatureStore: false, kafka: false, ssh: false }

/** The rules of a security group that is the cluster's own. */
export const inboundRules = (ports: Ports): readonly InboundRule[] => [...always, ...serviceRules(ports)]

/** Those of the services that are open. */
export const serviceRules = (ports: Ports): readonly InboundRule[] =>
  portNames.filter((service) => ports[service]).map((service) => services[service])

/** The services whose rule there is. */
export function portsWhere(isThere: (rule: InboundRule) => boolean): Ports {
  const { featureStore, onlineFeatureStore, kafka, ssh } = services
  return { featureStore: isThere(featureStore), onlineFeatureStore: isThere(onlineFeatureStore), kafka: isThere(kafka), ssh: isThere(ssh) }
}

const portNames = Object.keys(services) as (keyof Ports)[]

export const allPorts: Ports = { featureStore: true, onlineFeatureStore: true, kafka: true, ssh: true }
