/** What a custom role gives: Azure's own words for it. */
export interface Role {
  readonly name: string
  readonly description: string
  readonly actions: readonly string[]
  readonly dataActions: readonly string[]
  /** Subscriptions, resource groups or resources where it is assigned. */
  readonly scopes: readonly string[]
}

/** Sorted, each once; Azure compares actions without regard to case. */
export function actionList(actions: Iterable<string>): readonly string[] {
  const unique = new Map([...actions].map((action) => [action.toLowerCase(), action]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, action]) => action)
}
