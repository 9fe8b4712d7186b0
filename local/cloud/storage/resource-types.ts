export const STORAGE_ACCOUNT = 'Microsoft.Storage/storageAccounts'
export const BLOB_SERVICE = 'Microsoft.Storage/storageAccounts/blobServices'
export const CONTAINER = 'Microsoft.Storage/storageAccounts/blobServices/containers'

/** Newest first: that of the SDK, then those of the Azure CLI's profiles. */
export const API_VERSIONS = [
  '2025-08-01',
  '2025-06-01',
  '2025-01-01',
  '2024-01-01',
  '2023-05-01',
  '2023-04-01',
  '2023-01-01',
  '2022-09-01',
  '2022-05-01',
  '2021-09-01',
  '2021-08-01',
  '2021-06-01',
  '2021-04-01',
  '2021-02-01',
  '2021-01-01',
  '2019-06-01',
  '2019-04-01',
  '2018-11-01',
] as const
