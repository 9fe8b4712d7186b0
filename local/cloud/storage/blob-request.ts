/** What a request to `{account}.blob.core.windows.net` asks for, and the RBAC action that it needs. */
export interface BlobRequest {
  readonly kind: BlobRequestKind
  /** Empty for the account as a whole. */
  readonly container: string
  /** Empty for a container as a whole. */
  readonly blob: string
  readonly action: string
  /** Asked among the data actions of a role, not among its actions. */
  readonly data: boolean
}

export type BlobRequestKind =
  | 'listContainers'
  | 'createContainer'
  | 'readContainer'
  | 'deleteContainer'
  | 'listBlobs'
  | 'writeBlob'
  | 'readBlob'
  | 'deleteBlob'

const CONTAINERS = 'Microsoft.Storage/storageAccounts/blobServices/containers'

/** [learn: authorize-with-azure-active-directory, "Permissions for blob service operations"] */
const ACTIONS: Readonly<Record<BlobRequestKind, { action: string; data: boolean }>> = {
  listContainers: { action: `${CONTAINERS}/read`, data: false },
  createContainer: { action: `${CONTAINERS}/write`, data: false },
  readContainer: { action: `${CONTAINERS}/read`, data: false },
  deleteContainer: { action: `${CONTAINERS}/delete`, data: false },
  listBlobs: { action: `${CONTAINERS}/blobs/read`, data: true },
  writeBlob: { action: `${CONTAINERS}/blobs/write`, data: true },
  readBlob: { action: `${CONTAINERS}/blobs/read`, data: true },
  deleteBlob: { action: `${CONTAINERS}/blobs/delete`, data: true },
}

/** By method, `restype` and `comp`; a container's request names `restype=container`. */
const KINDS: Readonly<Record<string, BlobRequestKind>> = {
  'GET account list': 'listContainers',
  'PUT container ': 'createContainer',
  'GET container ': 'readContainer',
  'HEAD container ': 'readContainer',
  'DELETE container ': 'deleteContainer',
  'GET container list': 'listBlobs',
  'PUT blob ': 'writeBlob',
  'GET blob ': 'readBlob',
  'HEAD blob ': 'readBlob',
  'DELETE blob ': 'deleteBlob',
}

/** Undefined for what this simulation does not do (blocks, leases, snapshots, tiers, service properties) and for malformed paths. */
export function parseBlobRequest(method: string, url: URL): BlobRequest | undefined {
  const [, container = '', ...rest] = url.pathname.split('/')
  const blob = decode(rest.join('/'))
  const scope = container === '' ? 'account' : blob === '' ? 'container' : 'blob'
  const restype = url.searchParams.get('restype')
  if (blob === undefined || (scope === 'container') !== (restype === 'container')) return undefined
  const kind = KINDS[`${method} ${scope} ${url.searchParams.get('comp') ?? ''}`]
  return kind && { kind, container, blob, ...ACTIONS[kind] }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
