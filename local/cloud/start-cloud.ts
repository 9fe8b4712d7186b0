import { join } from 'node:path'
import { type Clock, realClock } from '../clock.ts'
import { adminEndpoints, stateOf } from './admin.ts'
import { throttleOf } from './arm/throttle.ts'
import type { Azure } from './azure.ts'
import { certificatesIn } from './certificates.ts'
import { createAzure } from './create-azure.ts'
import type { FaultPlan } from './fault-plan.ts'
import { certificateNames, frontDoor, isSimulated, originOf } from './front-door.ts'
import { type LandingZone, landingZoneIn } from './landing-zone.ts'
import { DEFAULT_SPEED, type Latency } from './latencies.ts'
import type { Provider } from './provider.ts'
import { providers as allProviders } from './providers.ts'
import { requestCounts } from './request-counts.ts'
import type { JsonObject } from './resource.ts'
import { seedLandingZone } from './seed-landing-zone.ts'
import { type Listening, listen } from './server.ts'
import { openState } from './state.ts'
import { metadataService } from './tokens/metadata-service.ts'
import { signingKey } from './tokens/signing-key.ts'
import { tokenEndpoint } from './tokens/token-endpoint.ts'

export interface CloudOptions {
  /** Journal, keys, certificates and the landing zone's secrets; made when missing. One simulator at a time. */
  dataDir: string
  /** Default: any free port. */
  port?: number
  /** HTTPS as well, with a certificate of the CA in `ca.pem`; 0 for any free port. Default: none. */
  tlsPort?: number
  clock?: Clock
  /** How many times faster than Azure; see latencies.ts. */
  speed?: number
  seed?: number
  faults?: FaultPlan
  log?: (line: string) => void
  /** Other providers than all; Microsoft.Resources and Microsoft.Authorization are always there. */
  providers?: readonly Provider[]
}

/** A running simulated Azure. */
export interface Cloud {
  readonly url: string
  readonly tlsUrl?: string
  /** File with the CA's certificate, for NODE_EXTRA_CA_CERTS and REQUESTS_CA_BUNDLE. */
  readonly caPath?: string
  readonly landingZone: LandingZone
  /** The inside, for tests in the same process. */
  readonly azure: Azure
  setFaults(plan: FaultPlan): void
  /** What GET /_slipway/state answers. */
  state(): JsonObject
  /** Ends quietly; a later start on the same directory goes on where it was. */
  stop(): Promise<void>
  /** Ends as kill -9 would: nothing more is written, open requests are cut. */
  kill(): Promise<void>
}

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { dataDir, clock = realClock, speed = DEFAULT_SPEED, seed = 1, log = () => {} } = options
  const landingZone = landingZoneIn(dataDir)
  const key = signingKey(dataDir)
  const state = openState(join(dataDir, 'journal.jsonl'))
  const providers = options.providers ?? allProviders
  const parts = createAzure({ state, dataDir, clock, speed, seed, tenantId: landingZone.tenantId, signingKey: key, providers, log })
  const { azure, directory, tokens, faults, alarms } = parts
  parts.start()
  seedLandingZone(parts, landingZone)
  if (options.faults) faults.set(options.faults)

  const counts = requestCounts()
  const now = () => clock.now()
  const handle = frontDoor({
    parts,
    counts,
    arm: { arm: parts.arm, throttle: throttleOf(clock, speed), latency: (kind) => pause(azure, kind) },
    tokens: tokenEndpoint({ directory, tokens, key, origin: originOf, now }),
    metadata: metadataService(directory, tokens, now),
    admin: adminEndpoints(parts, counts, landingZone),
  })
  const listening: Listening[] = []
  const stops: (() => void | Promise<void>)[] = []

  async function end(): Promise<void> {
    alarms.stop()
    const closed = listening.map((server) => server.close())
    await Promise.all(stops.map((stop) => stop()))
    await Promise.all(closed)
    state.close()
  }

  try {
    const plain = await listen({ port: options.port ?? 0, handle })
    listening.push(plain)
    const secure = options.tlsPort === undefined ? undefined : await listenTls(options.tlsPort, plain)
    for (const provider of parts.arm.registry.providers) {
      const stop = provider.start?.(azure)
      if (stop) stops.push(stop)
    }
    return {
      url: `http://127.0.0.1:${plain.port}`,
      ...secure,
      landingZone,
      azure,
      setFaults: faults.set,
      state: () => stateOf(parts, counts),
      stop: end,
      kill() {
        state.close()
        return end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }

  /** With HTTPS_PROXY set to the plain port, tools reach Azure's own host names here. */
  async function listenTls(port: number, plain: Listening): Promise<{ tlsUrl: string; caPath: string }> {
    const planes = parts.arm.registry.providers.flatMap(({ dataPlanes = [] }) => dataPlanes)
    const certificates = await certificatesIn(dataDir, certificateNames(planes), clock.now())
    const server = await listen({ port, tls: { key: certificates.key, cert: certificates.certificate }, handle })
    listening.push(server)
    plain.proxyTo(server.port, (host) => isSimulated(host, planes))
    return { tlsUrl: `https://localhost:${server.port}`, caPath: certificates.caPath }
  }
}

/** Waits out a latency; spans below a millisecond are none. */
function pause(azure: Azure, latency: Latency): Promise<void> {
  const ms = (azure.seconds(latency) * 1000) / azure.speed
  return ms < 1 ? Promise.resolve() : new Promise((resolve) => void azure.clock.after(ms, resolve))
}
