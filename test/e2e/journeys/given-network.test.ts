import { gunzipSync } from 'node:zlib'
import type { Resource } from '../../../local/cloud/resource.ts'
import { sideBySide, stage } from './stage.ts'

const here = stage()

/** The commands that a machine runs at its first boot, and the user's script among its files. */
function bootOf(machine: Resource | undefined) {
  const text = Buffer.from(String(machine?.hidden.customData), 'base64').toString()
  const { runcmd, write_files: files } = JSON.parse(text.slice(text.indexOf('\n'))) as {
    runcmd: string[][]
    write_files: { path: string; content: string }[]
  }
  const script = files.find(({ path }) => path.endsWith('/init.sh'))
  return { commands: runcmd.map(([first]) => first), script: script && gunzipSync(Buffer.from(script.content, 'base64')).toString() }
}

const machineOf = (cluster: { id: string; name: string }, suffix: string) =>
  here.resourcesOf(cluster).find(({ name, type }) => name === `${cluster.name}-${suffix}` && type.endsWith('/virtualMachines'))

const nodes = (instanceType: string, count: number, diskSize: number) => ({ instanceType, diskSize, count })

sideBySide({
  async 'a network and security group of another resource group are used, never changed and never removed'() {
    const { existingNetwork, subscriptionId } = here.world.cloud.landingZone
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${existingNetwork.resourceGroup}/`.toLowerCase()
    const before = [...here.inventory()].filter(([id]) => id.startsWith(group))
    expect(before.length).toBeGreaterThanOrEqual(3)
    const given = () => before.map(([id]) => [id, here.inventory().get(id)])
    const cluster = await here.created({
      networkResourceGroup: existingNetwork.resourceGroup,
      virtualNetworkName: existingNetwork.virtualNetwork,
      subnetName: existingNetwork.subnet,
      securityGroupName: existingNetwork.networkSecurityGroup,
    })
    expect(cluster.azure).toMatchObject({
      networkResourceGroup: 'network',
      virtualNetworkName: 'existing-vnet',
      securityGroupName: 'existing-nsg',
    })
    expect(given()).toEqual(before)
    await here.stopped(cluster.id)
    expect(given()).toEqual(before)
    await here.terminated(cluster.id)
    expect(given()).toEqual(before)
  },

  async 'a given network without a security group gets one, which goes with the cluster'() {
    const { existingNetwork } = here.world.cloud.landingZone
    const cluster = await here.created({
      networkResourceGroup: existingNetwork.resourceGroup,
      virtualNetworkName: existingNetwork.virtualNetwork,
      subnetName: existingNetwork.subnet,
    })
    const made = `hopsworksai-nsg-${cluster.id.slice(-12)}`
    expect(cluster.azure).toMatchObject({ virtualNetworkName: 'existing-vnet', securityGroupName: made })
    expect(here.resourcesOf(cluster).find(({ name }) => name === made)?.id).toContain('/resourceGroups/network/')
    await here.terminated(cluster.id)
  },

  async 'without a public address the cluster is reached at its private one'() {
    const cluster = await here.created({ attachPublicIP: false })
    const { head } = cluster.clusterConfiguration as unknown as { head: { privateIp: string } }
    expect(cluster).toMatchObject({ publicIPAttached: false, url: `https://${head.privateIp}/hopsworks/` })
    expect(here.resourcesOf(cluster).filter(({ type }) => type.endsWith('/publicIPAddresses'))).toEqual([])
    await here.terminated(cluster.id)
  },

  async 'a RonDB cluster has a machine for each of its nodes, and survives a stop'() {
    const ronDB = {
      allInOne: false,
      configuration: { ndbdDefault: { replicationFactor: 2 }, general: { benchmark: { grantUserPrivileges: true } } },
      mgmd: nodes('Standard_D2s_v4', 1, 30),
      ndbd: nodes('Standard_D4s_v4', 2, 512),
      mysqld: { ...nodes('Standard_D2s_v4', 1, 128), arrowFlight: true },
      api: nodes('Standard_D2s_v4', 1, 30),
    }
    const cluster = await here.created({ ronDB })
    expect(cluster.ronDB).toMatchObject(ronDB)
    const machines = () => here.resourcesOf(cluster).filter(({ type }) => type.endsWith('/virtualMachines'))
    const ids = machines().map(({ name, properties }) => [name.slice(cluster.name.length + 1), properties.vmId])
    expect(ids.map(([name]) => name).sort()).toEqual(['master', 'mysqld-0', 'ndb-api-0', 'ndb-mgm-0', 'ndb-ndbd-0', 'ndb-ndbd-1'])
    await here.stopped(cluster.id)
    expect(machines().map(({ name, properties }) => [name.slice(cluster.name.length + 1), properties.vmId])).toEqual(ids)
    await here.terminated(cluster.id)
  },

  async 'an init script runs on every machine, after the agent or before it; workers on spot are asked for as such'() {
    const initScript = '#!/usr/bin/env bash\necho hello\n'
    const spotInfo = { maxPrice: 50, fallBackOnDemand: false }
    const head = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }
    const workers = [{ ...nodes('Standard_D2s_v4', 1, 256), spotInfo }]
    const clusterConfiguration = { head, workers }
    const [after, before] = await Promise.all([
      here.created({ initScript, clusterConfiguration }),
      here.created({ initScript, clusterConfiguration, runInitScriptFirst: true }),
    ])
    expect(bootOf(machineOf(after, 'master'))).toMatchObject({
      script: initScript,
      commands: ['systemctl', 'systemctl', expect.stringContaining('init.sh')],
    })
    expect(bootOf(machineOf(before, 'master'))).toMatchObject({
      script: initScript,
      commands: [expect.stringContaining('init.sh'), 'systemctl', 'systemctl'],
    })
    expect(bootOf(machineOf(after, 'worker-0'))).toEqual({ script: initScript, commands: [expect.stringContaining('init.sh')] })
    expect(after.clusterConfiguration.workers).toMatchObject([{ count: 1, spotInfo }])
    expect(machineOf(after, 'worker-0')?.properties).toMatchObject({ priority: 'Spot', evictionPolicy: 'Delete' })
    expect(machineOf(after, 'master')?.properties.priority).toBeUndefined()
    await Promise.all([here.terminated(after.id), here.terminated(before.id)])
  },
})
