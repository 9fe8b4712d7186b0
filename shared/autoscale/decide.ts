/** What is known when the number of workers is decided. Resources are counted in vcores and in MB alike. */
export interface Situation {
  readonly limits: {
    readonly minWorkers: number
    readonly maxWorkers: number
    /** Free resources to keep, as a part of one worker. */
    readonly standbyWorkers: number
    /** Seconds for which workers must have been too many before one goes. */
    readonly downscaleWaitTime: number
  }
  /** Of one worker. */
  readonly worker: Resources
  /** Of the workers that do not scale, all together. */
  readonly beside: Resources
  /** What jobs have and wait for; undefined: nobody knows. */
  readonly load: { readonly allocated: Resources; readonly pending: Resources } | undefined
  /** Workers that scale, as many as there are now. */
  readonly workers: number
  /** Since when there have been too many, and the most that were needed at any time since. */
  readonly surplus?: Surplus | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

export interface Resources {
  readonly vcores: number
  readonly memoryMB: number
}

export interface Surplus {
  /** Epoch milliseconds. */
  readonly since: number
  readonly needed: number
}

export interface Decision {
  /** How many workers there are to be. */
  readonly workers: number
  /** To be handed to the next decision. */
  readonly surplus?: Surplus
}

/**
 * Up at once, down only after a while, never beyond the limits. The same load leads to the same number, whatever there was before.
 * While nobody knows the load only the limits count, and the wait for fewer workers begins anew after it: jobs may have run meanwhile.
 */
export function decide(situation: Situation): Decision {
  const { limits, load, workers, surplus, now } = situation
  if (!load) return { workers: clamp(workers, limits) }
  const needed = clamp(neededWorkers({ ...situation, ...load }), limits)
  if (needed >= workers) return { workers: needed }
  // A limit that was lowered needs no patience.
  const allowed = clamp(workers, limits)
  // What was needed earlier says nothing where there may not be so many any more: then the wait begins anew.
  const seen = surplus && surplus.needed < allowed ? { ...surplus, needed: Math.max(needed, surplus.needed) } : { since: now, needed }
  const isPatient = now - seen.since < limits.downscaleWaitTime * 1000
  return isPatient ? { workers: allowed, surplus: seen } : { workers: seen.needed }
}

const clamp = (workers: number, { minWorkers, maxWorkers }: Situation['limits']): number =>
  Math.min(maxWorkers, Math.max(minWorkers, workers))

/** Workers that hold the load and keep the standby free. */
function neededWorkers({ limits, worker, beside, allocated, pending }: Situation & NonNullable<Situation['load']>): number {
  const wanted = (of: keyof Resources) => allocated[of] + pending[of]
  const isIdle = wanted('vcores') === 0 && wanted('memoryMB') === 0
  if (isIdle && limits.minWorkers === 0) return 0
  const share = (of: keyof Resources) => Math.max(0, wanted(of) - beside[of]) / worker[of]
  const busy = Math.max(share('vcores'), share('memoryMB'))
  return Math.ceil(busy + limits.standbyWorkers)
}
