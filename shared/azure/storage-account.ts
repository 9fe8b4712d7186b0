import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { KeptKind, KeptModel } from './kept-kind.ts'
import { observe } from './observe.ts'
import { submitted } from './submitted.ts'

export const storageAccount: KeptKind<KeptModel> = {
  name: 'storage-account',
  type: 'Microsoft.Storage/storageAccounts',
  noun: 'storage account',
  permissions: ['Microsoft.Storage/storageAccounts/read', 'Microsoft.Storage/storageAccounts/write'],
  seconds: 25,
  async put({ storage }, id, { location }, tags) {
    const model = {
      location,
      tags,
      sku: { name: 'Standard_LRS' },
      kind: 'StorageV2',
      minimumTlsVersion: 'TLS1_2',
      allowBlobPublicAccess: false,
    }
    return submitted((options) => storage.storageAccounts.beginCreate(...groupAndName(id), model, options))
  },
  async get({ storage }, id) {
    const found = await unlessAbsent(storage.storageAccounts.getProperties(...groupAndName(id)))
    return observe(found && { provisioningState: found.provisioningState ?? 'Succeeded', tags: found.tags ?? {} })
  },
}
