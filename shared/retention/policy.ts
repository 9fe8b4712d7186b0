import * as z from 'zod'
import { matchesGlob } from './glob.ts'

const MOST_RULES = 50
const MOST_PATTERNS = 100
/** With all else that a run keeps beside its policy they fit a row of storage: digests can hardly be compressed. */
const MOST_PROTECTED = 5_000

const pattern = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-z0-9._/*-]+$/, "lower-case letters, digits, '.', '_', '-' and '/', as names of repositories have, and '*'")
const patterns = z.array(pattern).max(MOST_PATTERNS)
const days = z.number().min(0).max(3650)

/** Which repositories, and what is removed from them. The first rule that fits a repository governs it alone. */
export const ruleSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    include: patterns.min(1).default(['**']).describe('Patterns of repository names: * within a part of the name, ** across parts'),
    exclude: patterns.default([]),
    action: z.enum(['clean', 'keep']).default('clean').describe('keep: nothing is ever removed from these repositories'),
    untaggedDays: days.default(7).describe('Days since a manifest was first seen untagged'),
    minimumAgeDays: days.default(1).describe('Days since its push: builds push the images of a platform before what names them'),
    keepNewest: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(0)
      .describe('How many of the newest untagged images to keep, each with all it is made of'),
  })
  .readonly()

const members = {
  mode: z.enum(['preview', 'enforce']).describe('preview: runs report and delete nothing'),
  schedule: z
    .strictObject({
      cron: z.string().min(1).max(100).describe('Five fields: minute, hour, day, month, day of the week'),
      timeZone: z.string().min(1).max(64).default('UTC').describe('IANA name'),
    })
    .readonly()
    .nullable()
    .describe('null: only by hand and by events'),
  rules: z
    .array(ruleSchema)
    .max(MOST_RULES)
    .refine(
      (rules) => new Set(rules.map(({ name }) => name)).size === rules.length,
      'each has a name of its own: reports tell rules by them',
    )
    .describe('In order; a repository that fits none is left alone'),
  excludeRepositories: patterns,
  protectedDigests: z
    .array(z.string().regex(/^sha256:[0-9a-f]{64}$/))
    .max(MOST_PROTECTED)
    .describe('In use by digest, say: they and all that they are made of stay'),
  protectedAnnotations: z
    .array(z.strictObject({ name: z.string().min(1).max(256), value: z.string().max(256).exactOptional() }).readonly())
    .max(MOST_PATTERNS),
  backlog: z
    .enum(['first-seen', 'push-time'])
    .describe('From when to count for what was untagged before the first run: from that run on, or from its push'),
  brake: z
    .strictObject({
      manifests: z.number().int().min(1).max(10_000_000).default(20_000),
      share: z.number().gt(0).max(1).default(0.9).describe('Of the manifests in the repository'),
    })
    .readonly()
    .describe('A repository from which a run would delete more is left alone until somebody says so'),
}

export const policySchema = z
  .strictObject({
    mode: members.mode.default('preview'),
    schedule: members.schedule.default({ cron: '0 3 * * *', timeZone: 'UTC' }),
    rules: members.rules.default(() => [ruleSchema.parse({ name: 'default' })]),
    excludeRepositories: members.excludeRepositories.default([]),
    protectedDigests: members.protectedDigests.default([]),
    protectedAnnotations: members.protectedAnnotations.default([]),
    backlog: members.backlog.default('first-seen'),
    brake: members.brake.default({ manifests: 20_000, share: 0.9 }),
  })
  .readonly()

/** Members that are given take the place of what was there, each as a whole. */
export const policyPatch = z.strictObject(members).partial()

export type Policy = z.output<typeof policySchema>
export type Rule = z.output<typeof ruleSchema>

export const defaultPolicy = (): Policy => policySchema.parse({})

export const patchedPolicy = (policy: Policy, patch: z.output<typeof policyPatch>): Policy => policySchema.parse({ ...policy, ...patch })

/** The rule that governs a repository; undefined: it is left alone. */
export function ruleFor({ rules, excludeRepositories }: Policy, repository: string): Rule | undefined {
  const fits = (all: readonly string[]) => all.some((one) => matchesGlob(one, repository))
  if (fits(excludeRepositories)) return undefined
  const rule = rules.find(({ include, exclude }) => fits(include) && !fits(exclude))
  return rule?.action === 'clean' ? rule : undefined
}
