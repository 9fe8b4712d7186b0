import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSecretFile, isWritable } from '../../../shared/secrets/secret-file.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'slipway-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))
let fileNumber = 0
const freshFile = () => path.join(folder, `${fileNumber++}`, 'secrets')

test('a secret outlives the process and can be removed', async () => {
  const file = freshFile()
  await createSecretFile(file).put('cluster-password', 'tide')
  const secrets = createSecretFile(file)
  expect(await secrets.get('cluster-password')).toBe('tide')
  await secrets.remove('cluster-password')
  await secrets.remove('cluster-password')
  expect(await secrets.get('cluster-password')).toBeUndefined()
})

test('the file shows nothing, and only its owner may read it and its key', async () => {
  const file = freshFile()
  await createSecretFile(file).put('cluster-password', 'tide')
  expect(readFileSync(file, 'latin1')).not.toMatch(/tide|cluster-password/)
  for (const name of [file, `${file}.key`]) expect(statSync(name).mode & 0o777).toBe(0o600)
})

test('secrets put at the same time are all kept', async () => {
  const secrets = createSecretFile(freshFile())
  await Promise.all(Array.from({ length: 10 }, (_, n) => secrets.put(`secret-${n}`, `${n}`)))
  expect(await Promise.all(Array.from({ length: 10 }, (_, n) => secrets.get(`secret-${n}`)))).toEqual([...'0123456789'])
})

test('a lost key is told, and the secrets are not overwritten', async () => {
  const file = freshFile()
  const secrets = createSecretFile(file)
  await secrets.put('cluster-password', 'tide')
  const key = readFileSync(`${file}.key`)
  rmSync(`${file}.key`)
  await expect(secrets.put('other', 'x')).rejects.toThrow('is missing')
  writeFileSync(`${file}.key`, key)
  expect(await secrets.get('cluster-password')).toBe('tide')
})

test('a file that was tampered with is refused', async () => {
  const file = freshFile()
  const secrets = createSecretFile(file)
  await secrets.put('cluster-password', 'tide')
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20)
  writeFileSync(file, bytes)
  await expect(secrets.get('cluster-password')).rejects.toThrow()
})

test('a place where secrets cannot be put is found out without making anything', async () => {
  const file = freshFile()
  expect(await isWritable(file)).toBe(true)
  expect(existsSync(path.dirname(file))).toBe(false)
  await createSecretFile(file).put('a', 'b')
  expect(await isWritable(file)).toBe(true)
  expect(await isWritable(path.join(file, 'secrets'))).toBe(false)
})
