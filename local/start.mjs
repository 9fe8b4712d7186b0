// Plain JavaScript, so that a Node too old for the rest can still say so.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Slipway needs Node 22.18 or newer and this is ${process.versions.node}: run \`npm ci\`, which brings Node 24, then \`npm start\`.\n`,
  )
  process.exit(1)
}
const { main } = await import('./start/main.ts')
await main(process.argv.slice(2))
