import { generateKeyPairSync } from 'node:crypto'
import { parsePublicKey } from '../../../shared/accounts/setup/public-key.ts'
import { ed25519Line, rsaLine } from './ssh-lines.ts'

test.each([
  ['an RSA key', rsaLine(2048), { type: 'ssh-rsa', bits: 2048 }],
  ['a long RSA key', rsaLine(3072), { type: 'ssh-rsa', bits: 3072 }],
  ['an Ed25519 key', ed25519Line(), { type: 'ssh-ed25519', bits: 256 }],
  ['one without a comment', ed25519Line().split(' ').slice(0, 2).join(' '), { type: 'ssh-ed25519', bits: 256 }],
])('%s is read, and its line kept as it is', (_what, line, expected) => {
  expect(parsePublicKey(`  ${line}\n`)).toEqual({ ...expected, line })
})

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs1' }).toString()
const [, encoded = ''] = rsaLine(2048).split(' ')

test.each([
  ['a private key', privateKey, /private key/],
  ['two keys', `${ed25519Line()}\n${ed25519Line()}`, /one line/],
  ['a type that Azure does not take', 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=', /ssh-rsa or ssh-ed25519/],
  ['a weak key', rsaLine(1024), /has 1024 bits/],
  ['a key that was cut off', `ssh-rsa ${encoded.slice(0, -40)}`, /damaged/],
  ['a key under the name of another type', `ssh-ed25519 ${encoded}`, /damaged/],
  ['no key at all', 'ssh-rsa', /damaged/],
  ['nothing', '', /ssh-rsa or ssh-ed25519/],
])('%s is refused with the reason, and is not repeated', (_what, text, reason) => {
  const refusal = () => parsePublicKey(text)
  expect(refusal).toThrow(reason)
  expect(refusal).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'invalid', field: 'publicKey' }) }))
  if (text.length > 100) expect(refusal).not.toThrow(text.slice(40, 80))
})
