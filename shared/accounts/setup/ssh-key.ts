import * as z from 'zod'
import { unlessAbsent } from '../../azure/absent.ts'
import { answered } from '../../azure/answered.ts'
import { armId } from '../../azure/arm-id.ts'
import { rethrow } from '../../azure/azure-step.ts'
import type { FeatureUser } from '../../permissions/control-plane-role.ts'
import { ProblemError } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getAccount } from '../edit-accounts.ts'
import { parsePublicKey } from './public-key.ts'
import { locationName, resourceGroupName } from './request.ts'
import { groupOf } from './set-up.ts'
import { ACCOUNT_TAG } from './steps.ts'

const TYPE = 'Microsoft.Compute/sshPublicKeys'
const LONGEST = 16_384

/** What is asked of Azure outside of any plan: a private key must not pass through an operation's rows. */
export const sshKeyUser: FeatureUser = {
  kind: 'setup.ssh-key',
  feature: 'setup',
  permissions: ['Microsoft.Resources/subscriptions/resourceGroups/read', `${TYPE}/read`, `${TYPE}/write`, `${TYPE}/generateKeyPair/action`],
}

export const sshKeyRequest = z.strictObject({
  resourceGroup: resourceGroupName,
  name: z.string().regex(/^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/, 'must be 1 to 80 letters, digits, -, _ and ., the first a letter or digit'),
  location: locationName.exactOptional().describe("The resource group's unless told"),
  publicKey: z
    .string()
    .max(LONGEST)
    .exactOptional()
    .describe('One line of OpenSSH, ssh-rsa or ssh-ed25519; Azure makes a pair unless given'),
})
export type SshKeyRequest = z.output<typeof sshKeyRequest>

export const sshKeySchema = z.object({
  id: z.string().describe('ARM id'),
  name: z.string(),
  publicKey: z.string().exactOptional(),
  privateKey: z.string().exactOptional().describe('PEM, of a pair that Azure has made: shown now and never again, and kept nowhere'),
})
export type SshKey = z.output<typeof sshKeySchema>

/** What would be made; ProblemError where it would be refused. Changes nothing. */
export async function draftSshKey(services: Services, accountId: string, request: SshKeyRequest): Promise<SshKey> {
  return (await drafted(services, accountId, request).catch(rethrow)).key
}

/** A key that is there is never replaced: machines have been made with it. */
export async function createSshKey(services: Services, accountId: string, request: SshKeyRequest): Promise<SshKey> {
  const { resourceGroup, name } = request
  try {
    const { key, location, compute } = await drafted(services, accountId, request)
    const { publicKey } = key
    const tags = { [ACCOUNT_TAG]: accountId }
    await compute.sshPublicKeys.create(resourceGroup, name, { location, tags, ...(publicKey !== undefined && { publicKey }) })
    if (publicKey !== undefined) return key
    const pair = await compute.sshPublicKeys.generateKeyPair(resourceGroup, name)
    return { ...key, publicKey: pair.publicKey, privateKey: pair.privateKey }
  } catch (error) {
    return rethrow(error)
  }
}

async function drafted(services: Services, accountId: string, request: SshKeyRequest) {
  const { resourceGroup, name } = request
  const publicKey = request.publicKey === undefined ? undefined : parsePublicKey(request.publicKey).line
  const clients = await services.azure.forAccount((await getAccount(services, accountId)).id)
  const { compute, subscriptionId } = clients
  const [group, existing] = await Promise.all([
    answered(() => groupOf(clients, resourceGroup)),
    answered(() => unlessAbsent(compute.sshPublicKeys.get(resourceGroup, name))),
  ])
  // One without a key is what a generation that broke off has left.
  if (existing?.publicKey) throw taken(name)
  const key = { id: armId(subscriptionId, resourceGroup, TYPE, name), name, ...(publicKey !== undefined && { publicKey }) }
  return { key, location: existing?.location ?? request.location ?? group.location, compute }
}

const taken = (name: string) =>
  new ProblemError({
    code: 'conflict',
    message: `There is an SSH key ${name} already.`,
    remedy: 'Use it, or choose another name.',
    retryable: false,
  })
