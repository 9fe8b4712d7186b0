import { ArmError } from '../../../../local/cloud/arm/arm-error.ts'
import { DEFAULT_SECURITY_RULES } from '../../../../local/cloud/network/default-security-rules.ts'
import { assertNoConflict, assertSecurityRule, securityRuleProperties } from '../../../../local/cloud/network/security-rule.ts'

const https = securityRuleProperties.parse({
  protocol: 'tcp',
  sourcePortRange: '*',
  destinationPortRange: '443',
  sourceAddressPrefix: 'Internet',
  destinationAddressPrefix: '*',
  access: 'Allow',
  priority: 100,
  direction: 'Inbound',
})

function codeOf(action: () => void): string {
  try {
    action()
  } catch (error) {
    if (error instanceof ArmError) return error.code
    throw error
  }
  return 'none'
}

test('a protocol is answered in the case that Azure writes it', () => {
  expect(https.protocol).toBe('Tcp')
})

test.each([
  ['a priority below the range', { priority: 99 }, 'SecurityRuleInvalidPriority'],
  ['a priority above the range', { priority: 4097 }, 'SecurityRuleInvalidPriority'],
  ['the lowest priority', { priority: 100 }, 'none'],
  ['the highest priority', { priority: 4096 }, 'none'],
  ['two ports in one member', { destinationPortRange: '80,443' }, 'SecurityRuleInvalidPortRange'],
  ['a port past the last', { destinationPortRange: '65536' }, 'SecurityRuleInvalidPortRange'],
  ['a range that runs backwards', { destinationPortRange: '90-80' }, 'SecurityRuleInvalidPortRange'],
  ['no port at all', { destinationPortRange: undefined }, 'SecurityRuleInvalidPortRange'],
  ['a list of ports', { destinationPortRange: undefined, destinationPortRanges: ['80', '8000-8080'] }, 'none'],
  ['half an address', { sourceAddressPrefix: '10.0.0' }, 'SecurityRuleInvalidAddressPrefix'],
  ['a prefix too long', { sourceAddressPrefix: '10.0.0.0/34' }, 'SecurityRuleInvalidAddressPrefix'],
  ['a regional service tag', { sourceAddressPrefix: 'Storage.NorthEurope' }, 'none'],
  ['a list of prefixes', { sourceAddressPrefix: undefined, sourceAddressPrefixes: ['10.0.0.0/8', '20.1.2.3'] }, 'none'],
])('%s', (_, change, code) => {
  expect(codeOf(() => assertSecurityRule('rule', { ...https, ...change }))).toBe(code)
})

test('two rules of one direction may not share a priority; of different directions they may', () => {
  const other = { name: 'other', properties: https }
  expect(codeOf(() => assertNoConflict([{ name: 'https', properties: https }, other]))).toBe('SecurityRuleConflict')
  expect(codeOf(() => assertNoConflict([{ name: 'https', properties: { ...https, direction: 'Outbound' } }, other]))).toBe('none')
})

test('the default rules do not conflict with each other', () => {
  expect(codeOf(() => assertNoConflict(DEFAULT_SECURITY_RULES))).toBe('none')
})
