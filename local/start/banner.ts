import type { World } from './world.ts'

/** Shown once everything runs: where it is, the key when it was made just now, and a first cluster. */
export function banner(world: World, key: { readonly value: string; readonly made: boolean }, keyFile: string): string {
  const shown = key.made ? `${key.value}   (shown this once, kept in ${keyFile})` : `in ${keyFile}`
  return `
  Slipway is ready.

    API              ${world.api}/api
    Simulated Azure  ${world.azure}   ${world.azureTls}
    API key          ${shown}

  A first cluster:

    curl -H "x-api-key: $(cat ${keyFile})" -d @docs/examples/create-cluster.json ${world.api}/api/clusters
    curl -H "x-api-key: $(cat ${keyFile})" ${world.api}/api/clusters
    curl -X DELETE -H "x-api-key: $(cat ${keyFile})" ${world.api}/api/clusters/ID

  Ctrl-C ends everything; the next start goes on where it was.
`
}
