import { AsyncLocalStorage } from 'node:async_hooks'
import { app, type InvocationContext } from '@azure/functions'
import type { LogLevel } from '../shared/log/events.ts'
import { createLog, type Log } from '../shared/log/log.ts'

const METHODS = { debug: 'debug', information: 'info', warning: 'warn', error: 'error' } as const satisfies Record<
  LogLevel,
  keyof InvocationContext
>

/** A log for the whole app whose lines go to the invocation that they belong to, so that the host can tell which one wrote them. */
export function createInvocationLog(): Log {
  const current = new AsyncLocalStorage<InvocationContext>()
  app.hook.preInvocation((hook) => {
    const run = hook.functionHandler
    hook.functionHandler = (...inputs) => current.run(hook.invocationContext, () => run(...inputs))
  })
  return createLog((level, line) => {
    const invocation = current.getStore()
    if (invocation) invocation[METHODS[level]](line)
    else process.stdout.write(`${line}\n`)
  })
}
