import { randomBytes } from 'node:crypto'

/** Longest id in characters: orchestrations of a plan's branches add to it and may have 100. */
const LONGEST = 80
const LATEST = 2 ** 48 - 1

/**
 * `<subject's id>_<time><random>`: tells whose it is without a lookup, and is free of `/ \ # ? @`.
 * The time runs backwards so that a subject's rows, which storage lists by key, come newest first.
 */
export function newOperationId(subjectId: string, now: number): string {
  const time = (LATEST - now).toString(16).padStart(12, '0')
  return `${subjectId}_${time}${randomBytes(4).toString('hex')}`
}

/** Undefined for what cannot be an operation's id. */
export function subjectIdOf(operationId: string): string | undefined {
  if (operationId.length > LONGEST) return undefined
  return /^([\w-]+)_[0-9a-f]{20}$/.exec(operationId)?.[1]
}

/** The orchestration of one attempt. A retry has an id of its own, so that it can start while the one before still winds up. */
export const orchestrationId = (operationId: string, attempt: number): string => (attempt === 1 ? operationId : `${operationId}:${attempt}`)
