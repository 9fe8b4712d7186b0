import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { azureUsers } from '../shared/azure-users.ts'
import { permissionsTables } from '../shared/permissions/permissions-tables.ts'

/** Writes the tables of docs/permissions.md from what the step kinds declare. */
const file = path.join(import.meta.dirname, '../docs/permissions.md')
const [before = ''] = readFileSync(file, 'utf8').split('<!-- computed -->')
writeFileSync(file, `${before}<!-- computed -->\n\n${permissionsTables(azureUsers)}\n`)
