import type { Resource } from '../resource.ts'
import type { BlobError } from './blob-error.ts'
import { type Blob, toEtag } from './blob-store.ts'

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'

/** Characters that XML 1.0 cannot hold even escaped become U+FFFD. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g

function escaped(text: string): string {
  return text
    .replace(UNSPEAKABLE, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Azure closes empty elements at once. */
function element(name: string, content: string): string {
  return content === '' ? `<${name} />` : `<${name}>${content}</${name}>`
}

/** Elements in order; `undefined` is left out. */
function elements(members: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element(name, escaped(String(value))))
    .join('')
}

export interface Page {
  readonly prefix: string
  readonly marker: string
  readonly maxResults: number | undefined
  /** Empty on the last page. */
  readonly nextMarker: string
}

function enumeration(attributes: string, page: Page, items: string): string {
  const head = elements({ Prefix: page.prefix || undefined, Marker: page.marker || undefined, MaxResults: page.maxResults })
  return `${DECLARATION}<EnumerationResults ${attributes}>${head}${items}${elements({ NextMarker: page.nextMarker })}</EnumerationResults>`
}

export function containersXml(account: string, page: Page, containers: readonly Resource[]): string {
  const items = containers.map((container) => {
    const properties = elements({
      'Last-Modified': new Date(container.changedAt).toUTCString(),
      Etag: toEtag(container.etag),
      LeaseStatus: 'unlocked',
      LeaseState: 'available',
      HasImmutabilityPolicy: 'false',
      HasLegalHold: 'false',
    })
    return `<Container>${elements({ Name: container.name })}<Properties>${properties}</Properties></Container>`
  })
  return enumeration(`ServiceEndpoint="https://${account}.blob.core.windows.net/"`, page, element('Containers', items.join('')))
}

export function blobsXml(account: string, container: string, page: Page, blobs: readonly { name: string; blob: Blob }[]): string {
  const items = blobs.map(({ name, blob }) => {
    const properties = elements({
      'Creation-Time': new Date(blob.createdAt).toUTCString(),
      'Last-Modified': new Date(blob.changedAt).toUTCString(),
      Etag: blob.etag,
      'Content-Length': Buffer.byteLength(blob.content, 'base64'),
      'Content-Type': blob.contentType,
      'Content-MD5': blob.md5,
      BlobType: 'BlockBlob',
      AccessTier: 'Hot',
      AccessTierInferred: 'true',
      LeaseStatus: 'unlocked',
      LeaseState: 'available',
      ServerEncrypted: 'true',
    })
    return `<Blob>${elements({ Name: name })}<Properties>${properties}</Properties></Blob>`
  })
  const attributes = `ServiceEndpoint="https://${account}.blob.core.windows.net/" ContainerName="${escaped(container)}"`
  return enumeration(attributes, page, element('Blobs', items.join('')))
}

export function errorXml(error: BlobError, requestId: string, time: number): string {
  const message = `${error.message}\nRequestId:${requestId}\nTime:${new Date(time).toISOString()}`
  return `${DECLARATION}<Error>${elements({ Code: error.code, Message: message })}</Error>`
}
