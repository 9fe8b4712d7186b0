import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseCidr, parseIp } from './ip-range.ts'

const text = z.string().max(1024)
const texts = z.array(text).max(4000)

const PROTOCOLS = ['*', 'Tcp', 'Udp', 'Icmp', 'Esp', 'Ah'] as const

/** Azure takes `tcp` and answers `Tcp`. */
const protocol = z.preprocess(
  (value) => PROTOCOLS.find((known) => known.toLowerCase() === String(value).toLowerCase()) ?? value,
  z.enum(PROTOCOLS),
)

/** `properties` of a security rule, as sent and as kept; addresses, ports and priority are judged by `assertSecurityRule`. */
export const securityRuleProperties = z.object({
  description: z.string().max(140).optional(),
  protocol,
  sourcePortRange: text.optional(),
  sourcePortRanges: texts.optional(),
  destinationPortRange: text.optional(),
  destinationPortRanges: texts.optional(),
  sourceAddressPrefix: text.optional(),
  sourceAddressPrefixes: texts.optional(),
  destinationAddressPrefix: text.optional(),
  destinationAddressPrefixes: texts.optional(),
  access: z.enum(['Allow', 'Deny']),
  priority: z.number().int(),
  direction: z.enum(['Inbound', 'Outbound']),
})

export type SecurityRuleProperties = z.infer<typeof securityRuleProperties>

export interface NamedSecurityRule {
  readonly name: string
  readonly properties: SecurityRuleProperties
}

function isPortRange(value: string): boolean {
  if (value === '*') return true
  const ends = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value)
  const first = Number(ends?.[1])
  const last = Number(ends?.[2] ?? ends?.[1])
  return ends !== null && first <= last && last <= 65535
}

/** An address, a prefix, `*` or a service tag (`Internet`, `Storage.NorthEurope`). */
function isAddressPrefix(value: string): boolean {
  return value === '*' || parseIp(value) !== undefined || parseCidr(value) !== undefined || /^[A-Za-z][A-Za-z0-9.]*$/.test(value)
}

/** Throws Azure's 400 for a priority, port or address that it would not take. */
export function assertSecurityRule(id: string, rule: SecurityRuleProperties): void {
  if (rule.priority < 100 || rule.priority > 4096)
    throw new ArmError(
      400,
      'SecurityRuleInvalidPriority',
      `Security rule has invalid Priority. Value provided: ${rule.priority} Allowed range 100-4096.`,
    )
  const ports: [string | undefined, string[] | undefined][] = [
    [rule.sourcePortRange, rule.sourcePortRanges],
    [rule.destinationPortRange, rule.destinationPortRanges],
  ]
  for (const value of ports.flatMap(oneOrMany))
    if (!isPortRange(value))
      throw new ArmError(
        400,
        'SecurityRuleInvalidPortRange',
        `Security rule has invalid Port range. Value provided: ${value}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.`,
      )
  const addresses: [string | undefined, string[] | undefined][] = [
    [rule.sourceAddressPrefix, rule.sourceAddressPrefixes],
    [rule.destinationAddressPrefix, rule.destinationAddressPrefixes],
  ]
  for (const value of addresses.flatMap(oneOrMany))
    if (!isAddressPrefix(value))
      throw new ArmError(
        400,
        'SecurityRuleInvalidAddressPrefix',
        `Security rule ${id} has invalid Address prefix. Value provided: ${value}`,
      )
}

/** A rule has the single member or the list; neither is the empty value that Azure complains of. */
function oneOrMany([one, many]: [string | undefined, string[] | undefined]): string[] {
  return many && many.length > 0 ? many : [one ?? '']
}

/** Rules that are evaluated in no defined order are refused. */
export function assertNoConflict(rules: readonly NamedSecurityRule[]): void {
  const seen = new Map<string, string>()
  for (const { name, properties } of rules) {
    const place = `${properties.direction} ${properties.priority}`
    const other = seen.get(place)
    if (other)
      throw new ArmError(
        400,
        'SecurityRuleConflict',
        `Security rule ${other} conflicts with rule ${name}. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.`,
      )
    seen.set(place, name)
  }
}
