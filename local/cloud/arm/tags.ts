import type { Json, JsonObject } from '../resource.ts'
import { ArmError } from './arm-error.ts'

/** Limits of tags [learn: tag-resources#limitations]. */
const MAX_TAGS = 50
const MAX_NAME = 512
const MAX_VALUE = 256

/** The tags of a body, or undefined when it has none. */
export function parseTags(tags: Json | undefined): Record<string, string> | undefined {
  if (tags === undefined || tags === null) return undefined
  if (typeof tags !== 'object' || Array.isArray(tags))
    throw new ArmError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized: tags must be an object.',
    )
  const entries = Object.entries(tags as JsonObject)
  if (entries.length > MAX_TAGS)
    throw new ArmError(
      400,
      'ResourceTagsLimitExceeded',
      `The number of tags '${entries.length}' exceeds the limit of '${MAX_TAGS}' tags on a resource.`,
    )
  const names = new Set<string>()
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === '' || name.length > MAX_NAME || /[<>%&\\?/]/.test(name))
        throw new ArmError(
          400,
          'InvalidTagNameCharacters',
          `The tag name '${name.slice(0, MAX_NAME)}' has reserved characters '<,>,%,&,\\,?,/' or is longer than ${MAX_NAME} characters.`,
        )
      if (names.has(name.toLowerCase()))
        throw new ArmError(400, 'InvalidTag', `The tag name '${name}' is given twice; tag names are not case-sensitive.`)
      names.add(name.toLowerCase())
      const text = value === null || value === undefined ? '' : String(value)
      if (text.length > MAX_VALUE)
        throw new ArmError(
          400,
          'InvalidTagValueLength',
          `The value of the tag '${name}' exceeds the maximum length of ${MAX_VALUE} characters.`,
        )
      return [name, text]
    }),
  )
}
