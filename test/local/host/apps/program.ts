import * as df from 'durable-functions'

/** What an orchestrator awaits; every task gives its own name, so that a mix-up shows. */
export type Work =
  | { readonly kind: 'call' | 'sub' | 'event'; readonly name: string }
  /** Fails `failures` times, for good if `attempts` are no more. */
  | { readonly kind: 'retry'; readonly name: string; readonly failures: number; readonly attempts: number }
  | { readonly kind: 'timer'; readonly name: string; readonly milliseconds: number }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Work[] }

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
/** Up to 15 ms, depending on the name. */
const delay = (name: string) => [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 16
const failures = new Map<string, number>()

df.app.activity('give', {
  handler: async (name: string) => {
    await pause(delay(name))
    return name
  },
})
df.app.activity('give-at-last', {
  handler: async ({ key, name, failures: planned }: { key: string; name: string; failures: number }) => {
    await pause(delay(name))
    const count = failures.get(key) ?? 0
    failures.set(key, count + 1)
    if (count < planned) throw new Error('not yet')
    return name
  },
})
df.app.orchestration('give-slowly', function* (context) {
  return yield context.df.callActivity('give', context.df.getInput())
})

function begin(context: df.OrchestrationContext, work: Work): df.Task {
  switch (work.kind) {
    case 'call':
      return context.df.callActivity('give', work.name)
    case 'sub':
      return context.df.callSubOrchestrator('give-slowly', work.name)
    case 'event':
      return context.df.waitForExternalEvent(work.name)
    case 'retry': {
      const input = { key: `${context.df.instanceId} ${work.name}`, name: work.name, failures: work.failures }
      return context.df.callActivityWithRetry('give-at-last', new df.RetryOptions(1, work.attempts), input)
    }
    case 'timer':
      return context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + work.milliseconds))
    default: {
      const parts = work.parts.map((part) => begin(context, part))
      return work.kind === 'all' ? context.df.Task.all(parts) : context.df.Task.any(parts)
    }
  }
}

function* outcome(task: df.Task): Generator<df.Task, unknown, unknown> {
  try {
    return (yield task) ?? null
  } catch (error) {
    return { error: (error as Error).message.includes('not yet') ? 'not yet' : (error as Error).message }
  }
}

/** Awaits piece after piece; of a compound, first the whole and then each of its parts alone. */
df.app.orchestration('program', function* (context) {
  const outcomes: unknown[] = []
  for (const work of context.df.getInput() as Work[]) {
    if (work.kind !== 'all' && work.kind !== 'any') {
      outcomes.push(yield* outcome(begin(context, work)))
      continue
    }
    const parts = work.parts.map((part) => begin(context, part))
    yield* outcome(work.kind === 'all' ? context.df.Task.all(parts) : context.df.Task.any(parts))
    for (const [index, part] of work.parts.entries()) {
      const task = parts[index]
      if (task && 'name' in part) outcomes.push(yield* outcome(task))
    }
  }
  return outcomes
})
