/** Waits for a condition to come true; fails with its text when it has not after `seconds`. */
export async function until<T>(condition: () => T | Promise<T>, seconds = 20): Promise<NonNullable<T>> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
