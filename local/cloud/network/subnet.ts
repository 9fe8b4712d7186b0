import { parseBody } from '../arm/request-body.ts'
import type { Azure } from '../azure.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import type { Resource } from '../resource.ts'
import { isBusy } from './references.ts'
import { anotherOperationInProgress } from './refusals.ts'
import { API_VERSIONS, NAME_PATTERN } from './resource-types.ts'
import { assertRanges } from './subnet-ranges.ts'
import {
  assertPrefixesKept,
  assertUnused,
  inlineSubnet,
  joinSecurityGroup,
  prefixesOf,
  propertiesOf,
  resolveReferences,
  subnetsOf,
  subnetView,
} from './subnet-record.ts'
import { addressSpaceOf } from './virtual-network-body.ts'

const subnetBody = inlineSubnet.pick({ properties: true })

/** A network takes one change at a time, whichever of its subnets it concerns. */
function virtualNetworkAtRest(azure: Azure, call: Call): { network: Resource; siblings: Resource[] } {
  const network = azure.resources.get(call.id.parentId ?? '')
  if (!network) throw new Error(`the parent of ${call.id.id} was checked before`)
  const siblings = subnetsOf(azure, network.id).filter(({ name }) => name.toLowerCase() !== call.id.name.toLowerCase())
  if (isBusy(network) || siblings.some(isBusy)) throw anotherOperationInProgress()
  return { network, siblings }
}

function write(call: Call, existing: Resource | undefined): Written {
  const { azure } = call
  const wanted = parseBody(subnetBody, call).properties
  const { network, siblings } = virtualNetworkAtRest(azure, call)
  const others = siblings.map((sibling) => ({ name: sibling.name, prefixes: prefixesOf(propertiesOf(sibling)) }))
  assertRanges(network, addressSpaceOf(network), [...others, { name: call.id.name, prefixes: prefixesOf(wanted) }])
  if (existing) assertPrefixesKept(azure, existing, wanted)
  return {
    properties: resolveReferences(azure, call.id.id, network.location, wanted, existing),
    takes: 'subnet.write',
  }
}

export const subnets: ResourceType = {
  type: 'virtualNetworks/subnets',
  apiVersions: API_VERSIONS,
  tracked: false,
  namePattern: NAME_PATTERN,
  etags: true,
  links: (call) => (call.method === 'PUT' ? joinSecurityGroup(parseBody(subnetBody, call).properties) : []),
  write,
  remove(call, existing) {
    virtualNetworkAtRest(call.azure, call)
    assertUnused(call.azure, existing)
    return { takes: 'subnet.delete' }
  },
  view: subnetView,
}
