import { STATUS_CODES } from 'node:http'
import type { Azure } from '../azure.ts'
import type { DataPlane } from '../provider.ts'
import { accountNamed } from './account.ts'
import type { BlobCall } from './blob-call.ts'
import { createContainer, deleteContainer, listBlobsOfContainer, listContainers, readContainer } from './blob-containers.ts'
import { BlobError } from './blob-error.ts'
import { type BlobRequest, parseBlobRequest } from './blob-request.ts'
import { errorXml } from './blob-xml.ts'
import { deleteBlobRequest, readBlobRequest, writeBlobRequest } from './blobs.ts'
import { containerId } from './container.ts'

/** Tokens for Azure Storage carry this audience. */
const AUDIENCE = 'https://storage.azure.com'

const HANDLERS: Readonly<Record<BlobRequest['kind'], (call: BlobCall) => Response | Promise<Response>>> = {
  listContainers,
  createContainer,
  readContainer,
  deleteContainer,
  listBlobs: listBlobsOfContainer,
  writeBlob: writeBlobRequest,
  readBlob: readBlobRequest,
  deleteBlob: deleteBlobRequest,
}

async function answer(azure: Azure, name: string, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const asked = parseBlobRequest(request.method, url)
  const account = accountNamed(azure, name)
  if (account?.provisioningState !== 'Succeeded') throw new BlobError(404, 'ResourceNotFound', 'The specified resource does not exist.')
  const principal = azure.authenticate(request.headers.get('authorization'), AUDIENCE)
  if (!principal) throw unauthenticated(request.headers.get('authorization'), azure.directory.tenantId)
  if (!asked) throw new BlobError(405, 'UnsupportedHttpVerb', "The resource doesn't support specified Http Verb.")
  const scope = asked.container === '' ? account.id : containerId(account.id, asked.container)
  if (!azure.allows(principal, asked.action, scope, { data: asked.data }))
    throw new BlobError(
      403,
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    )
  return HANDLERS[asked.kind]({ azure, account, asked, request, query: url.searchParams })
}

/** Account keys are not simulated here: the answer is that of an account which forbids them. */
function unauthenticated(authorization: string | null, tenantId: string): BlobError {
  if (authorization?.startsWith('SharedKey'))
    return new BlobError(403, 'KeyBasedAuthenticationNotPermitted', 'Key based authentication is not permitted on this storage account.')
  const challenge = {
    'WWW-Authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize resource_id=${AUDIENCE}`,
  }
  if (authorization === null)
    return new BlobError(
      401,
      'NoAuthenticationInformation',
      'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
      challenge,
    )
  return new BlobError(
    401,
    'InvalidAuthenticationInfo',
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
    challenge,
  )
}

async function handle(azure: Azure, name: string, request: Request): Promise<Response> {
  const requestId = azure.uuid()
  const common = {
    'x-ms-request-id': requestId,
    'x-ms-version': request.headers.get('x-ms-version') ?? '2021-12-02',
    Date: new Date(azure.clock.now()).toUTCString(),
  }
  try {
    const response = await answer(azure, name, request)
    for (const [header, value] of Object.entries(common)) response.headers.set(header, value)
    return response
  } catch (error) {
    if (!(error instanceof BlobError)) throw error
    const body = request.method === 'HEAD' ? null : errorXml(error, requestId, azure.clock.now())
    return new Response(body, {
      status: error.status,
      statusText: STATUS_CODES[error.status] ?? '',
      headers: { 'Content-Type': 'application/xml', 'x-ms-error-code': error.code, ...error.headers, ...common },
    })
  }
}

export const blobDataPlane: DataPlane = {
  hostSuffix: '.blob.core.windows.net',
  handle,
  operation: (request) => parseBlobRequest(request.method, new URL(request.url))?.action ?? 'Microsoft.Storage/storageAccounts/unknown',
}
