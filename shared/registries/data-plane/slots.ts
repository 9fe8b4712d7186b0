/** Lets so many run at once; the others wait in line. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>

export function createSlots(count: number): Slots {
  let free = count
  const line: (() => void)[] = []
  let head = 0
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await work()
    } finally {
      const next = line[head]
      if (next) {
        head += 1
        if (head === line.length) head = line.length = 0
        next()
      } else free += 1
    }
  }
}
