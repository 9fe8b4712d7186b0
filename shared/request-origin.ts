/** Which request something comes from. All attempts under one Idempotency-Key are one request. */
export interface RequestOrigin {
  readonly id: string
  /** Epoch milliseconds of the first attempt. */
  readonly at: number
  /** An earlier attempt broke off: nobody knows what of it was done. */
  readonly resumed: boolean
}
