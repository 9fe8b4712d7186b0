import type { FaultPlan } from '../../../local/cloud/fault-plan.ts'

/** Of each kind and on any call to ARM, polling included: about every seventh call goes wrong. */
const often = (fault: string, more: object = {}) => ({ match: { path: '^/subscriptions/', probability: 0.03 }, fault, ...more })
export const everySeventh: FaultPlan = {
  rules: [
    often('throttle', { retryAfter: 0.1 }),
    often('error', { status: 503 }),
    often('error', { status: 500, code: 'InternalServerError' }),
    often('reset'),
    often('lost-response'),
  ],
}
