import path from 'node:path'
import { bundle } from './bundle.ts'

const bytes = await bundle(path.join(import.meta.dirname, '..'), 'dist/main.cjs')
process.stdout.write(`dist/main.cjs ${(bytes / 1e6).toFixed(2)} MB\n`)
