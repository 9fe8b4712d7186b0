/** Lets so many run at once; the others wait in line, those that much else waits for before all others. */
export type Slots = <T>(work: () => Promise<T>, urgent?: 'urgent') => Promise<T>

/** What the slots of all registries have in common. */
export interface Share {
  /** How many of them are in use. */
  busy: number
}

/** Calls at once to all registries together, as far as each still has its least: every one takes a connection and a handshake. */
const MOST_OF_ALL = 512
const LEAST = 8

export function createSlots(count: number, share: Share = { busy: 0 }): Slots {
  const [first, others] = [createLine(), createLine()]
  let running = 0

  const isFree = () => running < Math.min(count, Math.max(LEAST, MOST_OF_ALL / share.busy))

  function begin(): void {
    if (running === 0) share.busy += 1
    running += 1
  }

  function end(): void {
    running -= 1
    if (running === 0) share.busy -= 1
    while (isFree()) {
      const next = first.next() ?? others.next()
      if (!next) return
      begin()
      next()
    }
  }

  return async (work, urgent) => {
    if (isFree()) begin()
    else await (urgent ? first : others).join()
    try {
      return await work()
    } finally {
      end()
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
