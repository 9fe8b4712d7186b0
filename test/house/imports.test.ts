import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(__dirname, '../..')

/** Who may import whom: the arrows of docs/architecture.md. What a room does not list, it may not import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  functions: ['functions', 'shared', 'agent'],
  shared: ['shared', 'agent'],
  'local/cloud': ['local/cloud', 'local/clock.ts'],
  'local/host': ['local/host', 'local/clock.ts'],
  'local/azurite': ['local/azurite', 'local/clock.ts'],
  bench: ['bench', 'local', 'shared', 'scripts'],
  'local/start': ['local/start', 'local/azurite', 'local/clock.ts', 'scripts'],
}

/** What only the simulated world, only the tests or only the official worker has; the deployed app must not need it. */
const LOCAL_PACKAGES = /^(hono|@hono\/|azurite|@peculiar\/|esbuild|jest|fast-check)/

interface Import {
  readonly file: string
  readonly target: string
}

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(folder, file))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:from|import|import\()\s*'([^']+)'/g)].map(([, target = '']) => ({ file, target }))
}

const resolved = ({ file, target }: Import) => path.posix.join(path.posix.dirname(file), target)
const room = (file: string) => Object.keys(MAY_IMPORT).find((name) => file.startsWith(`${name}/`)) ?? file

test.each(Object.entries(MAY_IMPORT))('%s imports only what the house allows', (name, allowed) => {
  const wrong = sources(name)
    .flatMap(importsOf)
    .filter(({ target }) => target.startsWith('.'))
    .filter((entry) => !allowed.some((room) => resolved(entry) === room || resolved(entry).startsWith(`${room}/`)))
  expect(wrong).toEqual([])
})

test('the deployed app needs nothing that only the local world has', () => {
  const wrong = ['functions', 'shared'].flatMap(sources).flatMap(importsOf)
  expect(wrong.filter(({ target }) => LOCAL_PACKAGES.test(target))).toEqual([])
})

test('zod comes as a namespace: by the name z it would bring all its languages into the bundle', () => {
  const named = /^import \{[^}]*\bz\b[^}]*\} from 'zod'/m
  const wrong = ['functions', 'shared'].flatMap(sources).filter((file) => named.test(readFileSync(path.join(ROOT, file), 'utf8')))
  expect(wrong).toEqual([])
})

test('triggers hold no Azure SDK and no storage', () => {
  const wrong = sources('functions').filter((file) => room(file) === 'functions' && file !== 'functions/services.ts')
  const sdk = /^@azure\/(arm-|identity|data-tables|storage-|core-)/
  expect(wrong.flatMap(importsOf).filter(({ target }) => sdk.test(target))).toEqual([])
})

/** Each has one owner (the clock, the settings, the output of an entry point); everybody else is given it. */
const OWNED: readonly { readonly what: RegExp; readonly owners: RegExp }[] = [
  { what: /\bDate\.now\(/, owners: /^(local\/clock|shared\/clock)\.ts$/ },
  { what: /\bMath\.random\(/, owners: /^$/ },
  { what: /\bsetTimeout\(|\bsetInterval\(/, owners: /^(local\/clock|shared\/clock)\.ts$/ },
  { what: /\bprocess\.env\b/, owners: /^(shared\/config\/|local\/start\/|local\/host\/)/ },
  { what: /\bconsole\./, owners: /^$/ },
]

test.each(OWNED)('$what is used by its owner alone', ({ what, owners }) => {
  const users = ['functions', 'shared', 'local'].flatMap(sources).filter((file) => what.test(withoutComments(file)))
  expect(users.filter((file) => !owners.test(file))).toEqual([])
})

function withoutComments(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
}
