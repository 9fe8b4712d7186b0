import { freePorts, isFree } from './free-ports.ts'
import { StartError } from './options.ts'

export interface Ports {
  readonly api: number
  readonly azure: number
  readonly azureTls: number
  readonly storage: readonly [blob: number, queue: number, table: number]
}

/** The world's six ports, tried out before anything is started. 0 takes free ones. */
export async function choosePorts(first: number): Promise<Ports> {
  const ports = first === 0 ? await freePorts(6) : Array.from({ length: 6 }, (_, index) => first + index)
  const [api = 0, azure = 0, azureTls = 0, blob = 0, queue = 0, table = 0] = ports
  for (const port of first === 0 ? [] : ports) {
    if (await isFree(port)) continue
    throw new StartError(`Port ${port} is taken by another program; choose others with npm start -- --port ${first + 10}.`)
  }
  return { api, azure, azureTls, storage: [blob, queue, table] }
}
