type Environment = Record<string, string | undefined>

/** What this process was started with. The only reader and writer of `process.env` in the host. */
export function processEnvironment(): Readonly<Environment> {
  return process.env
}

/** Settings enter the environment of the whole process. */
export function shareSettings(settings: Readonly<Record<string, string>>): void {
  Object.assign(process.env, settings)
}

/** A `process` for one app: the real one, but with an environment of its own in which the settings stand above what is there. */
export function processWithSettings(settings: Readonly<Record<string, string>>): NodeJS.Process {
  const environment: Environment = { ...process.env, ...settings }
  return new Proxy(process, {
    get: (target, key) => (key === 'env' ? environment : Reflect.get(target, key, target)),
    set: (target, key, value) => Reflect.set(target, key, value, target),
  })
}
