/** An answer that the blob service refuses with: `<Error><Code>…`, and the code again as a header, for HEAD has no body. */
export class BlobError extends Error {
  override name = 'BlobError'
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export const containerNotFound = () => new BlobError(404, 'ContainerNotFound', 'The specified container does not exist.')

export const blobNotFound = () => new BlobError(404, 'BlobNotFound', 'The specified blob does not exist.')

export const conditionNotMet = () =>
  new BlobError(412, 'ConditionNotMet', 'The condition specified using HTTP conditional header(s) is not met.')
