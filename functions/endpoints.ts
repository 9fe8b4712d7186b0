import type { Endpoint } from '../shared/http/endpoint.ts'
import { keyEndpoints } from './keys/http.ts'

/** The endpoints of all features. A new feature adds its own here. */
export const featureEndpoints: readonly Endpoint[] = [...keyEndpoints]
