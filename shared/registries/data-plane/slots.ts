/** Lets so many run at once; the others wait in line, those that much else waits for before all others. */
export type Slots = <T>(work: () => Promise<T>, urgent?: 'urgent') => Promise<T>

export function createSlots(count: number): Slots {
  let free = count
  const [first, others] = [createLine(), createLine()]
  return async (work, urgent) => {
    if (free > 0) free -= 1
    else await (urgent ? first : others).join()
    try {
      return await work()
    } finally {
      const next = first.next() ?? others.next()
      if (next) next()
      else free += 1
    }
  }
}

/** Who came first goes first, however many there are. */
function createLine() {
  let line: (() => void)[] = []
  let head = 0
  return {
    join: () => new Promise<void>((resolve) => void line.push(resolve)),
    next(): (() => void) | undefined {
      const next = line[head]
      if (!next) return undefined
      head += 1
      if (head === line.length) [line, head] = [[], 0]
      return next
    },
  }
}
