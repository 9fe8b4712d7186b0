/** UUID version 7: a cluster's id, which storage lists in the order of creation. `now`: epoch milliseconds, `random`: 10 bytes. */
export function newClusterId(now: number, random: Buffer): string {
  const time = now.toString(16).padStart(12, '0')
  const rest = Buffer.from(random)
  rest[0] = 0x70 | ((rest[0] ?? 0) & 0x0f)
  rest[2] = 0x80 | ((rest[2] ?? 0) & 0x3f)
  const hex = time + rest.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/** Opaque to callers; looked up only when it can be one of ours. */
export const clusterIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
