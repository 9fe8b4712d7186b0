import type { SecurityRule } from '@azure/arm-network'
import { type InboundRule, inboundRuleModel } from '../azure/network-security-group.ts'

/** Lowest and highest priority that Azure lets a rule have. */
const PRIORITIES = { least: 100, most: 4096 }

const sameName = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase()

/**
 * What is to be written and removed so that of the rules under `ours` exactly the wanted ones stand. Rules under other names are somebody else's:
 * they stay, and where one has the priority that a rule of ours would get, ours takes the next that is free. What stands keeps its priority.
 */
export function ruleChanges(
  present: readonly SecurityRule[],
  ours: readonly string[],
  wanted: readonly InboundRule[],
): { readonly write: readonly InboundRule[]; readonly remove: readonly string[] } {
  const find = (name: string) => present.find((rule) => sameName(rule.name, name))
  const remove = ours.filter((name) => find(name) && !wanted.some((rule) => sameName(name, rule.name)))
  const taken = new Set(present.filter(({ direction }) => direction === 'Inbound').map(({ priority }) => priority))
  const write: InboundRule[] = []
  for (const rule of wanted) {
    const known = find(rule.name)
    if (known && opensTheSame(known, rule)) continue
    const priority = known?.priority ?? freePriority(taken, rule.priority)
    taken.add(priority)
    write.push({ ...rule, priority })
  }
  return { write, remove }
}

function freePriority(taken: ReadonlySet<number | undefined>, from: number): number {
  for (let priority = from; priority <= PRIORITIES.most; priority++) if (!taken.has(priority)) return priority
  for (let priority = PRIORITIES.least; priority < from; priority++) if (!taken.has(priority)) return priority
  return from
}

function opensTheSame(known: SecurityRule, rule: InboundRule): boolean {
  const { name: _, priority: __, destinationPortRanges, ...wanted } = inboundRuleModel(rule)
  const ports = [...(known.destinationPortRanges ?? []), ...(known.destinationPortRange ? [known.destinationPortRange] : [])]
  return (
    [...ports].sort().join() === [...(destinationPortRanges ?? [])].sort().join() &&
    Object.entries(wanted).every(([member, value]) => known[member as keyof SecurityRule] === value)
  )
}
