import type { JsonObject } from '../resource.ts'

/** Something that happened, as a source tells Event Grid. */
export interface Occurrence {
  readonly id: string
  /** Ids at which subscriptions may listen for it: the resource, or the group and the subscription. */
  readonly topics: readonly string[]
  readonly subject: string
  readonly eventType: string
  readonly data: JsonObject
  readonly dataVersion: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Which of them a subscription wants. */
export interface EventFilter {
  readonly includedEventTypes?: readonly string[] | null | undefined
  readonly subjectBeginsWith?: string | undefined
  readonly subjectEndsWith?: string | undefined
  readonly isSubjectCaseSensitive?: boolean | undefined
}

export function wants(filter: EventFilter, { eventType, subject }: Pick<Occurrence, 'eventType' | 'subject'>): boolean {
  const cased = (text: string) => (filter.isSubjectCaseSensitive ? text : text.toLowerCase())
  if (filter.includedEventTypes && !filter.includedEventTypes.some((type) => type.toLowerCase() === eventType.toLowerCase())) return false
  return cased(subject).startsWith(cased(filter.subjectBeginsWith ?? '')) && cased(subject).endsWith(cased(filter.subjectEndsWith ?? ''))
}

/** One element of the array that a webhook gets in Event Grid's own schema. */
export function eventGridEvent(topic: string, { id, subject, eventType, data, dataVersion, at }: Occurrence): JsonObject {
  return { id, topic, subject, eventType, eventTime: new Date(at).toISOString(), data, dataVersion, metadataVersion: '1' }
}

/** The one object that a webhook gets in the CloudEvents 1.0 schema, structured mode. */
export function cloudEvent(topic: string, { id, subject, eventType, data, at }: Occurrence): JsonObject {
  return { id, source: topic, subject, type: eventType, time: new Date(at).toISOString(), data, specversion: '1.0' }
}
