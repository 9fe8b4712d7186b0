import type { Json, JsonObject } from '../resource.ts'

/** The value at a path of member names in plain data, matched exactly; undefined where the path ends early. */
export function at(json: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, member) => (isObject(value) ? value[member] : undefined), json)
}

export function textAt(json: Json | undefined, ...path: string[]): string | undefined {
  const value = at(json, ...path)
  return typeof value === 'string' ? value : undefined
}

export function numberAt(json: Json | undefined, ...path: string[]): number | undefined {
  const value = at(json, ...path)
  return typeof value === 'number' ? value : undefined
}

export function objectAt(json: Json | undefined, ...path: string[]): JsonObject {
  const value = at(json, ...path)
  return isObject(value) ? value : {}
}

/** The objects of an array; empty where there is none. */
export function objectsAt(json: Json | undefined, ...path: string[]): JsonObject[] {
  const value = at(json, ...path)
  return Array.isArray(value) ? value.filter(isObject) : []
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
