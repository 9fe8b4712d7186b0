import { readFileSync } from 'node:fs'
import path from 'node:path'

const page = readFileSync(path.resolve(__dirname, '../../docs/terraform.md'), 'utf8')
const blocks = [...page.matchAll(/^```hcl\n(.*?)^```$/gms)].map(([, text = '']) => text)

/** Blocks and arguments of the provider 1.12 and of Terraform itself, by the block that they stand in. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '': ['terraform', 'provider', 'data', 'resource', 'output'],
  terraform: ['required_providers'],
  required_providers: ['hopsworksai'],
  hopsworksai: ['source', 'version'],
  provider: ['api_gateway', 'api_key'],
  output: ['value'],
  hopsworksai_instance_type: ['cloud_provider', 'region', 'node_type', 'min_memory_gb', 'min_cpus', 'with_nvme'],
  hopsworksai_version: ['cloud_provider', 'os', 'region', 'upgradeable_from_version', 'default', 'experimental'],
  hopsworksai_backups: ['cluster_id'],
  hopsworksai_clusters: ['filter'],
  filter: ['cloud'],
  hopsworksai_cluster: [
    'name',
    'version',
    'ssh_key',
    'backup_retention_period',
    'issue_lets_encrypt_certificate',
    'managed_users',
    'attach_public_ip',
    'head',
    'workers',
    'autoscale',
    'rondb',
    'azure_attributes',
    'open_ports',
    'tags',
    'timeouts',
    'update_state',
  ],
  head: ['instance_type', 'disk_size', 'ha_enabled'],
  workers: ['instance_type', 'disk_size', 'count', 'spot_config'],
  spot_config: ['max_price_percent', 'fall_back_on_demand'],
  rondb: ['single_node', 'configuration', 'management_nodes', 'data_nodes', 'mysql_nodes', 'api_nodes'],
  single_node: ['instance_type', 'disk_size'],
  azure_attributes: [
    'location',
    'resource_group',
    'user_assigned_managed_identity',
    'acr_registry_name',
    'aks_cluster_name',
    'container',
    'network',
  ],
  container: ['storage_account', 'name', 'encryption'],
  open_ports: ['feature_store', 'online_feature_store', 'kafka', 'ssh'],
  timeouts: ['create', 'read', 'update', 'delete'],
  hopsworksai_backup: ['cluster_id', 'backup_name'],
  hopsworksai_cluster_from_backup: ['source_backup_id', 'name', 'tags', 'autoscale', 'azure_attributes'],
}

/** Every name that is written, behind the block it stands in: `head instance_type`. A map's own names are the user's. */
function namesIn(hcl: string): string[] {
  const open: string[] = []
  return hcl.split('\n').flatMap((line) => {
    const [, name, label] = /^ *(\w+)(?: "(\w+)")?/.exec(line) ?? []
    const within = open.at(-1) ?? ''
    if (/^ *\}/.test(line)) open.pop()
    if (/\{$/.test(line)) open.push((name === 'resource' || name === 'data' ? label : name) ?? '')
    return name === undefined || within === 'tags' ? [] : `${within} ${name}`
  })
}

test('the examples name only what the provider knows', () => {
  const names = blocks.flatMap(namesIn)
  expect(names.length).toBeGreaterThan(50)
  const unknown = names.filter((pair) => {
    const [within = '', name = ''] = pair.split(' ')
    return !KNOWN[within]?.includes(name)
  })
  expect(unknown).toEqual([])
})

test('every block that is opened is closed', () => {
  for (const block of blocks) expect((block.match(/\{/g) ?? []).length).toBe((block.match(/\}/g) ?? []).length)
})

test('an address has no slash at its end, where the provider would double it', () => {
  const addresses = blocks.flatMap((block) => [...block.matchAll(/api_gateway *= "(.*)"/g)].map(([, address]) => address))
  expect(addresses.length).toBeGreaterThan(0)
  expect(addresses.filter((address) => !/^https?:\/\/[^/]+$/.test(address ?? ''))).toEqual([])
})
