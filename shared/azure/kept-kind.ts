import type { ResourceKind } from './resource-kind.ts'

/** A kind of resource that is made for the user, who has it from then on: we never change or remove one. */
export type KeptKind<Model> = Pick<ResourceKind<Model>, 'name' | 'type' | 'noun' | 'put' | 'get'> & {
  readonly permissions: readonly string[]
  /** Typical duration in real seconds. */
  readonly seconds: number
}

export interface KeptModel {
  readonly location: string
}
