import * as z from 'zod'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import {
  adoptRegistry,
  changeRegistry,
  draftChange,
  draftForgetting,
  draftPolicy,
  draftRegistry,
  forgetAdopted,
  registryPatch,
  registryRequest,
  setPolicy,
} from '../../shared/registries/adopt-registry.ts'
import { builtInPolicyOf, changeBuiltInPolicy, draftBuiltInPolicy, storageOf } from '../../shared/registries/azure-side.ts'
import { manifestsOf, repositoriesOf, tagsOf } from '../../shared/registries/contents.ts'
import { type Registry, repositoryPattern } from '../../shared/registries/registry.ts'
import { getRegistry, listRegistries } from '../../shared/registries/registry-store.ts'
import { builtInPolicyView, manifestView, registryView, repositoryView, tagView, viewOfRegistry } from '../../shared/registries/wire.ts'
import { patchedPolicy, policyPatch, policySchema } from '../../shared/retention/policy.ts'
import { nextTime } from '../../shared/retention/schedule.ts'

const oneRegistry = z.object({ registryId: z.string().max(64) })
const page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  continuation: z.string().max(2000).exactOptional(),
})
const ofRepository = page.extend({ repository: z.string().max(256).regex(repositoryPattern, 'the name of a repository, such as team/app') })
const continuation = z.string().exactOptional()
const shown = z.object({ registry: registryView })
const shownPolicy = z.object({ policy: policySchema })
const shownBuiltInPolicy = z.object({ policy: builtInPolicyView })

const view = (registry: Registry) => {
  const { schedule } = registry.policy
  return viewOfRegistry(registry, schedule ? nextTime(schedule, registry.scheduledFrom) : undefined)
}

export const registryEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'registries-list',
    method: 'GET',
    route: 'registries',
    role: 'reader',
    summary: 'List the container registries that are kept clean',
    query: page,
    response: z.object({ registries: z.array(registryView), continuation }),
    async handler({ query, services }) {
      const { items, ...rest } = await listRegistries(services, query)
      return { registries: items.map(({ value }) => view(value)), ...rest }
    },
  }),
  defineEndpoint({
    name: 'registries-adopt',
    method: 'POST',
    route: 'registries',
    role: 'admin',
    summary: 'Adopt a container registry; nothing is deleted from it until its policy says enforce',
    status: 201,
    request: registryRequest,
    response: shown,
    dryRun: shown,
    async handler({ body, dryRun, services, origin }) {
      return { registry: view(dryRun ? await draftRegistry(services, body) : await adoptRegistry(services, body, origin)) }
    },
  }),
  defineEndpoint({
    name: 'registries-get',
    method: 'GET',
    route: 'registries/{registryId}',
    role: 'reader',
    summary: 'Show an adopted registry',
    params: oneRegistry,
    response: shown,
    handler: async ({ params: { registryId }, services }) => ({ registry: view(await getRegistry(services, registryId)) }),
  }),
  defineEndpoint({
    name: 'registries-change',
    method: 'PATCH',
    route: 'registries/{registryId}',
    role: 'admin',
    summary: 'Change how an adopted registry is signed in to',
    params: oneRegistry,
    request: registryPatch,
    response: shown,
    dryRun: shown,
    handler: async ({ params: { registryId }, body, dryRun, services }) => ({
      registry: view(await (dryRun ? draftChange : changeRegistry)(services, registryId, body)),
    }),
  }),
  defineEndpoint({
    name: 'registries-forget',
    method: 'DELETE',
    route: 'registries/{registryId}',
    role: 'admin',
    summary: 'Forget a registry and its history; in Azure nothing changes',
    params: oneRegistry,
    dryRun: shown,
    handler: async ({ params: { registryId }, dryRun, services }) =>
      dryRun ? { registry: view(await draftForgetting(services, registryId)) } : forgetAdopted(services, registryId),
  }),
  defineEndpoint({
    name: 'registries-policy-get',
    method: 'GET',
    route: 'registries/{registryId}/policy',
    role: 'reader',
    summary: 'Show what is removed from a registry, and when',
    params: oneRegistry,
    response: shownPolicy,
    handler: async ({ params: { registryId }, services }) => ({ policy: view(await getRegistry(services, registryId)).policy }),
  }),
  defineEndpoint({
    name: 'registries-policy-set',
    method: 'PUT',
    route: 'registries/{registryId}/policy',
    role: 'admin',
    summary:
      'Say what is removed from a registry, and when: members that are absent return to their defaults; a run that is at work keeps the policy that it began with',
    params: oneRegistry,
    request: policySchema,
    response: shownPolicy,
    dryRun: shownPolicy,
    handler: async ({ params: { registryId }, body, dryRun, services }) => ({
      policy: view(await (dryRun ? draftPolicy : setPolicy)(services, registryId, () => body)).policy,
    }),
  }),
  defineEndpoint({
    name: 'registries-policy-change',
    method: 'PATCH',
    route: 'registries/{registryId}/policy',
    role: 'admin',
    summary: 'Change members of the policy, each as a whole; those that are absent stay as they are',
    params: oneRegistry,
    request: policyPatch,
    response: shownPolicy,
    dryRun: shownPolicy,
    handler: async ({ params: { registryId }, body, dryRun, services }) => ({
      policy: view(await (dryRun ? draftPolicy : setPolicy)(services, registryId, (policy) => patchedPolicy(policy, body))).policy,
    }),
  }),
  defineEndpoint({
    name: 'registries-built-in-policy-get',
    method: 'GET',
    route: 'registries/{registryId}/built-in-policy',
    role: 'reader',
    summary: "Show the registry's own policy for untagged manifests, and whether what is deleted can be restored",
    params: oneRegistry,
    response: shownBuiltInPolicy,
    handler: async ({ params: { registryId }, services }) => ({ policy: await builtInPolicyOf(services, registryId) }),
  }),
  defineEndpoint({
    name: 'registries-built-in-policy-set',
    method: 'PUT',
    route: 'registries/{registryId}/built-in-policy',
    role: 'admin',
    summary: "Set the registry's own policy for untagged manifests; Premium registries have one",
    params: oneRegistry,
    request: z.strictObject({ days: z.number().int().min(0).max(365), status: z.enum(['enabled', 'disabled']) }),
    response: shownBuiltInPolicy,
    dryRun: shownBuiltInPolicy,
    handler: async ({ params: { registryId }, body, dryRun, services }) => ({
      policy: await (dryRun ? draftBuiltInPolicy : changeBuiltInPolicy)(services, registryId, body),
    }),
  }),
  defineEndpoint({
    name: 'registries-storage',
    method: 'GET',
    route: 'registries/{registryId}/storage',
    role: 'reader',
    summary: 'Show how much storage a registry uses',
    params: oneRegistry,
    response: z.object({
      used: z.number().describe('Bytes'),
      included: z.number().exactOptional().describe('Bytes in the price of the SKU'),
    }),
    handler: ({ params: { registryId }, services }) => storageOf(services, registryId),
  }),
  defineEndpoint({
    name: 'registries-repositories',
    method: 'GET',
    route: 'registries/{registryId}/repositories',
    role: 'reader',
    summary: 'List the repositories of a registry',
    params: oneRegistry,
    query: page,
    response: z.object({ repositories: z.array(repositoryView), continuation }),
    handler: ({ params: { registryId }, query, services }) => repositoriesOf(services, registryId, query),
  }),
  defineEndpoint({
    name: 'registries-manifests',
    method: 'GET',
    route: 'registries/{registryId}/manifests',
    role: 'reader',
    summary: 'List the manifests of a repository',
    params: oneRegistry,
    query: ofRepository,
    response: z.object({ manifests: z.array(manifestView), continuation }),
    handler: ({ params: { registryId }, query, services }) => manifestsOf(services, registryId, query),
  }),
  defineEndpoint({
    name: 'registries-tags',
    method: 'GET',
    route: 'registries/{registryId}/tags',
    role: 'reader',
    summary: 'List the tags of a repository',
    params: oneRegistry,
    query: ofRepository,
    response: z.object({ tags: z.array(tagView), continuation }),
    handler: ({ params: { registryId }, query, services }) => tagsOf(services, registryId, query),
  }),
]
