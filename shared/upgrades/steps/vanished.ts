import { nameOf } from '../../azure/arm-id.ts'
import { failed, type Look } from '../../operations/outcome.ts'

/** Something that an upgrade needs was removed outside Slipway. */
export const vanished = (noun: string, id: string): Look =>
  failed({
    code: 'not-found',
    message: `The ${noun} ${nameOf(id)} is not there any more.`,
    remedy: 'Somebody removed it outside Slipway. Roll the upgrade back if the former head is still there; otherwise restore a backup.',
    resource: id,
    retryable: false,
  })
