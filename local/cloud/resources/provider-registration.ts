import { ArmError } from '../arm/arm-error.ts'
import { checkAccess } from '../arm/authorization.ts'
import { ALWAYS_REGISTERED, REGISTRATIONS, registrationKey } from '../arm/registration.ts'
import { requireSubscription } from '../arm/subscription.ts'
import type { Azure } from '../azure.ts'
import type { Endpoint, EndpointCall, Provider } from '../provider.ts'
import type { JsonObject } from '../resource.ts'
import { apiVersions } from './versions.ts'

const LIST = '/subscriptions/{subscriptionId}/providers'
const ONE = `${LIST}/{namespace}`

/** GET and POST of what a subscription may use. `all` is the whole list of providers. */
export function registrationEndpoints(all: () => readonly Provider[]): readonly Endpoint[] {
  const find = (namespace: string | undefined) => {
    const provider = all().find((one) => one.namespace.toLowerCase() === namespace?.toLowerCase())
    if (!provider) throw new ArmError(404, 'InvalidResourceNamespace', `The resource namespace '${namespace?.slice(0, 100)}' is invalid.`)
    return provider
  }
  const answer = ({ azure, params }: EndpointCall, provider: Provider) =>
    view(azure, requireSubscription(azure, params.subscriptionId ?? ''), provider)
  const register = (call: EndpointCall) => {
    const { azure, params, caller } = call
    const provider = find(params.namespace)
    checkAccess(azure, caller, `${provider.namespace}/register/action`, `/subscriptions/${params.subscriptionId}`)
    const key = registrationKey(requireSubscription(azure, params.subscriptionId ?? ''), provider.namespace)
    if (azure.records(REGISTRATIONS).get(key)?.state !== 'Registered') {
      azure.records(REGISTRATIONS).put(key, { state: 'Registering' })
      const inSeconds = azure.seconds('provider.register')
      azure.arm({ key: `register ${key}`, inSeconds, provider: 'Microsoft.Resources', run: 'registered', input: { key } })
    }
    return { body: answer(call, provider) }
  }
  const unregister = (call: EndpointCall) => {
    const { azure, params } = call
    const provider = find(params.namespace)
    const key = registrationKey(requireSubscription(azure, params.subscriptionId ?? ''), provider.namespace)
    azure.disarm(`register ${key}`)
    azure.records(REGISTRATIONS).delete(key)
    return { body: answer(call, provider) }
  }

  return [
    {
      method: 'GET',
      path: LIST,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: (call) => ({ body: { value: all().map((one) => answer(call, one)) } }),
    },
    {
      method: 'GET',
      path: ONE,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      handle: (call) => ({ body: answer(call, find(call.params.namespace)) }),
    },
    {
      method: 'POST',
      path: `${ONE}/register`,
      apiVersions,
      // Each provider has one of its own, which only its name tells.
      action: undefined,
      handle: register,
    },
    {
      method: 'POST',
      path: `${ONE}/unregister`,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/providers/unregister/action',
      handle: unregister,
    },
  ]
}

export const registrationAlarms: NonNullable<Provider['alarms']> = {
  registered: (azure, input) => azure.records(REGISTRATIONS).put(String(input.key), { state: 'Registered' }),
}

function view(azure: Azure, subscriptionId: string, provider: Provider): JsonObject {
  const always = ALWAYS_REGISTERED.includes(provider.namespace)
  const stored = azure.records(REGISTRATIONS).get(registrationKey(subscriptionId, provider.namespace))
  return {
    id: `/subscriptions/${subscriptionId}/providers/${provider.namespace}`,
    namespace: provider.namespace,
    registrationState: always ? 'Registered' : (stored?.state ?? 'NotRegistered'),
    registrationPolicy: always ? 'RegistrationFree' : 'RegistrationRequired',
    resourceTypes: provider.resourceTypes.map(({ type, apiVersions: versions }) => ({
      resourceType: type,
      locations: azure.locations.map(({ displayName }) => displayName),
      apiVersions: versions,
      defaultApiVersion: versions[0],
    })),
  }
}
