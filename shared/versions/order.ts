/** Below 0 where `a` is the older version. */
export const compareVersions = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
