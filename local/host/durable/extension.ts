import { type Binding, isType } from '../binding.ts'
import type { Extension, HostContext, RawRequest } from '../extension.ts'
import { holdLease, type Lease } from '../lease.ts'
import { type ClientLinks, clientBinding } from './client-links.ts'
import { durableOptions } from './durable-options.ts'
import { type Engine, startEngine } from './engine.ts'
import { httpApi } from './http-api.ts'
import { instanceStore } from './instance-store.ts'
import { openRpcPort, type RpcPort } from './rpc-port.ts'

const NAME = 'durabletask'

/**
 * Durable Functions on Blob storage: orchestrations, activities, durable clients. No entities, callHttp or rewind.
 *
 * A task hub has one writer, by lease. `start` waits for it; whoever loses it fails, since another host may be at work by then.
 */
export function durableExtension(context: HostContext): Extension {
  const { clock, hostJson, keys, log, runtime, settings, storage, url } = context
  const options = durableOptions(hostJson.extensions, settings)
  const code = keys?.system[`${NAME}_extension`]
  const giveUp = new AbortController()
  const api = httpApi({ engine: () => engine, clock })
  let engine: Engine | undefined
  let lease: Lease | undefined
  let rpc: RpcPort | undefined

  const links = (origin: string): ClientLinks => ({
    base: `${origin}/runtime/webhooks/${NAME}`,
    hub: options.hubName,
    ...(code !== undefined && { code }),
  })

  function waiting(): void {
    log({
      level: 'information',
      category: 'host',
      message: `Another host works on the task hub ${options.hubName}; waiting for the lease.`,
    })
    context.waiting?.()
  }

  function fail(message: string, cause?: unknown): void {
    if (!giveUp.signal.aborted) context.fail?.(new Error(message, { cause }))
  }

  async function takeOver(): Promise<void> {
    lease = await holdLease({ storage, name: `${NAME}/${options.hubName.toLowerCase()}`, waiting, signal: giveUp.signal })
    lease.lost.then(() => fail(`The lease of the task hub ${options.hubName} was lost.`))
    engine = await startEngine({
      store: instanceStore(storage, options.hubName),
      runtime,
      clock,
      maxConcurrentActivities: options.maxConcurrentActivityFunctions,
      maxConcurrentOrchestrators: options.maxConcurrentOrchestratorFunctions,
      broken: (error) => fail(`The task hub ${options.hubName} could not be written.`, error),
    })
  }

  return {
    name: NAME,
    async start() {
      rpc = await openRpcPort((request) => api(request, links(url)))
      try {
        await takeOver()
      } catch (error) {
        if (!giveUp.signal.aborted) throw error
      }
      // Stopped in the meantime: what came into being after `stop` or `kill` looked.
      if (giveUp.signal.aborted) {
        rpc.kill()
        engine?.halt()
        await lease?.release()
      }
    },
    async stop() {
      giveUp.abort()
      await engine?.stop()
      await rpc?.stop()
      await lease?.release()
    },
    kill() {
      giveUp.abort()
      engine?.halt()
      rpc?.kill()
      lease?.abandon()
    },
    input(binding: Binding) {
      if (!isType(binding, 'durableClient') || !rpc) return undefined
      return { string: JSON.stringify(clientBinding(links(url), rpc.baseUrl)) }
    },
    webhook: (request: RawRequest) => api(request, links(request.url.origin)),
  }
}
