import { z } from 'zod'
import { normalLocation } from '../locations.ts'

/** A body's `location`: `North Europe` is taken for `northeurope`. */
export const region = z.string().transform(normalLocation)
