/** What can become of a call to Azure that would have gone well. */
export const TROUBLES = [
  { fault: 'throttle', retryAfter: 0.1 },
  { fault: 'error', status: 503 },
  { fault: 'reset' },
  { fault: 'lost-response' },
] as const
