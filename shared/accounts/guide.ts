import * as z from 'zod'
import type { AzureUser, FeatureUser } from '../permissions/control-plane-role.ts'
import { usualFeatures } from '../permissions/features.ts'
import { controlPlaneRoles, identityRoles } from '../permissions/roles.ts'
import { roleQuery } from '../permissions/wire.ts'
import { namespacesOf } from '../preflight/providers.ts'

const name = (pattern: RegExp) => z.string().regex(pattern)

export const guideQuery = roleQuery.pick({ features: true }).extend({
  subscriptionId: z.guid().exactOptional(),
  resourceGroup: name(/^[\w.()-]{1,90}$/).default('slipway'),
  location: name(/^[a-z0-9]{1,64}$/).default('northeurope'),
  storageAccount: name(/^[a-z0-9]{3,24}$/).default('slipwaystorage'),
  identity: name(/^[\w-]{3,128}$/).default('hopsworks-identity'),
  sshKey: name(/^[\w-]{1,80}$/).default('slipway-key'),
  registry: name(/^[a-zA-Z0-9]{5,50}$/).default('slipwayregistry'),
  credential: z.enum(['managed-identity', 'client-secret', 'workload-identity']).default('client-secret'),
})
export type GuideQuery = z.output<typeof guideQuery>

export const guideSchema = z.object({
  steps: z.array(
    z.object({
      title: z.string(),
      why: z.string(),
      commands: z.array(z.string()).describe('For a POSIX shell, in order; later ones use variables that earlier ones set'),
    }),
  ),
})
type Guide = z.output<typeof guideSchema>

/** From a subscription with nothing in it to one that clusters can be made in. The commands are one script. */
export function guideTo(users: readonly (AzureUser | FeatureUser)[], query: GuideQuery): Guide {
  const { subscriptionId = '00000000-0000-0000-0000-000000000000', features = usualFeatures } = query
  const scopes = [`/subscriptions/${subscriptionId}/resourceGroups/${query.resourceGroup}`]
  const asked = { features, scopes, principal: PRINCIPAL }
  const roles = controlPlaneRoles(users, asked, subscriptionId)
  const identityRole = identityRoles(asked, subscriptionId)
  return {
    steps: [
      whichSubscription(query),
      registerProviders(namespacesOf([...roles, ...identityRole].flatMap(({ actions }) => actions))),
      whatClustersNeed(query, features),
      signIns[query.credential](query),
      {
        title: 'Give the app its role',
        why: 'It holds what the chosen features use, and nothing else.',
        commands: roles.map(({ az }) => withVariable(az, 'principal')),
      },
      {
        title: "Give the clusters' identity its role",
        why: 'Hopsworks on the machines reads and writes the storage account and the registry with it.',
        commands: [
          `identity=$(az identity show --resource-group ${query.resourceGroup} --name ${query.identity} --query principalId --output tsv)`,
          ...identityRole.map(({ az }) => withVariable(az, 'identity')),
        ],
      },
      connect(query),
    ],
  }
}

/** Stands for an object id that only a variable of the script will know. */
const PRINCIPAL = '<principal>'
const withVariable = (az: string, variable: string) => az.replaceAll(`'${PRINCIPAL}'`, `"$${variable}"`)

function whichSubscription({ subscriptionId }: GuideQuery): Guide['steps'][number] {
  return {
    title: 'Choose the subscription',
    why:
      'Its id and its tenant id are needed below. Take tenantId: the ids under managedByTenants are of tenants that help to manage it, ' +
      'and the app cannot sign in to those.',
    commands: [
      ...(subscriptionId === undefined ? [] : [`az account set --subscription ${subscriptionId}`]),
      'subscription=$(az account show --query id --output tsv)',
      'tenant=$(az account show --query tenantId --output tsv)',
    ],
  }
}

const registerProviders = (namespaces: readonly string[]): Guide['steps'][number] => ({
  title: 'Register the resource providers',
  why: 'A subscription in which nothing of a kind has been made yet refuses to make the first one.',
  commands: namespaces.map((namespace) => `az provider register --namespace ${namespace} --wait`),
})

function whatClustersNeed(query: GuideQuery, features: readonly string[]): Guide['steps'][number] {
  const { resourceGroup, location, storageAccount, identity, sshKey, registry } = query
  const at = `--resource-group ${resourceGroup}`
  return {
    title: 'Make what every cluster is given',
    why: 'All of it must be in one location. Slipway uses these and never removes them.',
    commands: [
      `az group create --name ${resourceGroup} --location ${location}`,
      `az storage account create ${at} --name ${storageAccount} --location ${location} --sku Standard_LRS --min-tls-version TLS1_2 --allow-blob-public-access false`,
      `az identity create ${at} --name ${identity} --location ${location}`,
      `az sshkey create ${at} --name ${sshKey} --location ${location}`,
      ...(features.includes('acr') ? [`az acr create ${at} --name ${registry} --location ${location} --sku Premium`] : []),
    ],
  }
}

const APP = "--resource-group '<group of the app>' --name '<name of the app>'"

const PRINCIPAL_COMMANDS = [
  'client=$(az ad app create --display-name slipway --query appId --output tsv)',
  'principal=$(az ad sp create --id "$client" --query id --output tsv)',
]

/** How the app comes by a principal that it can sign in as, by the kind of credential. */
const signIns: Readonly<Record<GuideQuery['credential'], (query: GuideQuery) => Guide['steps'][number]>> = {
  'managed-identity': () => ({
    title: "Find the app's identity",
    why: 'An app that runs in Azure signs in without a secret.',
    commands: [`principal=$(az functionapp identity show ${APP} --query principalId --output tsv)`],
  }),
  'client-secret': () => ({
    title: 'Make a service principal for the app',
    why: 'The secret is shown once. It goes to the app alone, which keeps it in its secret store.',
    commands: [
      ...PRINCIPAL_COMMANDS,
      'secret=$(az ad app credential reset --id "$client" --display-name slipway --years 1 --query password --output tsv)',
    ],
  }),
  'workload-identity': ({ resourceGroup, location }) => {
    const identity = `--resource-group ${resourceGroup} --name slipway-app`
    const shown = (member: string) => `$(az identity show ${identity} --query ${member} --output tsv)`
    const trust =
      `{"name":"slipway","issuer":"https://login.microsoftonline.com/'"$tenant"'/v2.0","subject":"'"$subject"'",` +
      '"audiences":["api://AzureADTokenExchange"]}'
    return {
      title: 'Make a service principal that trusts an identity of the app',
      why:
        'There is no secret. Azure lets a service principal trust only a user-assigned identity, of the tenant that the principal is made in; ' +
        'its subject is the object id of that identity.',
      commands: [
        ...PRINCIPAL_COMMANDS,
        `az identity create ${identity} --location ${location}`,
        `az functionapp identity assign ${APP} --identities "${shown('id')}"`,
        `subject=${shown('principalId')}`,
        `trusted=${shown('clientId')}`,
        `az ad app federated-credential create --id "$client" --parameters '${trust}'`,
      ],
    }
  },
}

/** What each kind adds to the body of the account, from variables of the script. */
const signedInWith: Readonly<Record<GuideQuery['credential'], string>> = {
  'managed-identity': '',
  'client-secret': ',"clientId":"\'"$client"\'","clientSecret":"\'"$secret"\'"',
  'workload-identity': ',"clientId":"\'"$client"\'","identityClientId":"\'"$trusted"\'"',
}

function connect({ credential }: GuideQuery): Guide['steps'][number] {
  const body = `{"name":"azure","subscriptionId":"'"$subscription"'","tenantId":"'"$tenant"'","credential":"${credential}"${signedInWith[credential]}}`
  return {
    title: 'Connect the subscription',
    why:
      'GET /api/accounts/<id>/check then tells what is still missing. With the feature setup in its role the app can make that itself: ' +
      'POST /api/accounts/<id>/providers, …/setup and …/ssh-keys. A change of roles takes up to 30 minutes to take effect.',
    commands: [`curl -fsS "$SLIPWAY_URL/api/accounts" -H "x-api-key: $SLIPWAY_KEY" -H 'content-type: application/json' -d '${body}'`],
  }
}
