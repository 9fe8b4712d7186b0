/**
 * The tests of a repository's name in the condition of a role assignment, as the portal writes them
 * [learn: container-registry-rbac-abac-repository-permissions].
 */
const TEST =
  /@(?:Request|Resource)\[Microsoft\.ContainerRegistry\/registries\/repositories:name\]\s+String(Equals|StartsWith)(?:IgnoreCase)?\s+'([^']*)'/gi

interface Question {
  /** Of the data action, as the condition writes it. */
  readonly action: string
  readonly repository: string
}

/** Whether an assignment holds under its condition: for what the condition does not name, and for repositories of which one test is true. */
export function conditionHolds(condition: string | undefined, { action, repository }: Question): boolean {
  if (condition === undefined || !condition.toLowerCase().includes(`'${action.toLowerCase()}'`)) return true
  const name = repository.toLowerCase()
  return [...condition.matchAll(TEST)].some(([, test = '', value = '']) =>
    test.toLowerCase() === 'equals' ? name === value.toLowerCase() : name.startsWith(value.toLowerCase()),
  )
}
