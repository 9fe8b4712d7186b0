/** How often each operation was asked for, by status of the answer; `cut` where the connection was cut. Of this process. */
export interface RequestCounts {
  add(operation: string, status: number | 'cut'): void
  all(): Record<string, Record<string, number>>
  clear(): void
}

export function requestCounts(): RequestCounts {
  const counts = new Map<string, Map<string, number>>()
  return {
    add(operation, status) {
      const byStatus = counts.get(operation) ?? new Map<string, number>()
      byStatus.set(String(status), (byStatus.get(String(status)) ?? 0) + 1)
      counts.set(operation, byStatus)
    },
    all: () => Object.fromEntries([...counts].map(([operation, byStatus]) => [operation, Object.fromEntries(byStatus)])),
    clear: () => counts.clear(),
  }
}
