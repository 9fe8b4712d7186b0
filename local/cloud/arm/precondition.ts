import type { Resource } from '../resource.ts'
import { ArmError } from './arm-error.ts'

/** If-Match and If-None-Match of a write; 412 when they do not hold. */
export function checkPrecondition(headers: Headers, existing: Resource | undefined): void {
  const ifMatch = headers.get('if-match')
  const ifNoneMatch = headers.get('if-none-match')
  if (ifMatch !== null && (!existing || !matches(ifMatch, existing.etag))) throw failed('If-Match', ifMatch)
  if (ifNoneMatch !== null && existing && matches(ifNoneMatch, existing.etag)) throw failed('If-None-Match', ifNoneMatch)
}

/** As it stands in headers and bodies. */
export function quotedEtag(etag: string): string {
  return `W/"${etag}"`
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((given) => given.trim() === '*' || given.trim().replace(/^W\//, '').replaceAll('"', '') === etag)
}

function failed(header: string, value: string): ArmError {
  return new ArmError(
    412,
    'PreconditionFailed',
    `The precondition given in the ${header} header '${value.slice(0, 200)}' evaluated to false.`,
  )
}
