import { type CatalogueEntry, catalogueEntrySchema } from './entry.ts'

/**
 * The versions that work on any subscription: Ubuntu from the marketplace, and the vendor's public installer from the branch of the version;
 * called, never copied. An upgrade is the installer's own: it is run again over the data, and migrates the schemas.
 */

const FOCAL = 'Canonical:0001-com-ubuntu-server-focal:20_04-lts-gen2:latest'

const bash = (script: string) => ['bash', '-c', script]

const installer = (branch: string) =>
  bash(
    `set -euo pipefail; cd "$HOME"; curl -fsSL --retry 5 -o hopsworks-installer.sh https://raw.githubusercontent.com/logicalclocks/karamel-chef/${branch}/hopsworks-installer.sh; chmod +x hopsworks-installer.sh; ./hopsworks-installer.sh -i cluster -ni -c azure -w "\${SLIPWAY_WORKERS:-none}"`,
  )

const answers = bash('curl -fsSk --max-time 10 -o /dev/null https://localhost/hopsworks/')

const password = bash(
  'set -euo pipefail; read -r user; read -r new; jar=$(mktemp); trap \'rm -f "$jar"\' EXIT; curl -fsSk -c "$jar" --data-urlencode "email=$user" --data-urlencode password=admin https://localhost/hopsworks-api/api/auth/login -o /dev/null; curl -fsSk -b "$jar" --data-urlencode oldPassword=admin --data-urlencode "newPassword=$new" --data-urlencode "confirmedPassword=$new" https://localhost/hopsworks-api/api/users/credentials -o /dev/null',
)

/** Exits with 0 when every data node of RonDB is started. */
const rondb = bash(
  'set -euo pipefail; status=$(sudo /srv/hops/mysql-cluster/ndb/scripts/mgm-client.sh -e "all status"); ! grep -Eiq "not connected|starting|shutting" <<< "$status"',
)

const backup = {
  // RonDB's own backup is whole, whatever the snapshots of several machines catch of it.
  prepare: bash('set -euo pipefail; sudo /srv/hops/mysql-cluster/ndb/scripts/mgm-client.sh -e "start backup wait completed"; sync'),
  finish: ['true'],
  restore: bash(`set -euo pipefail; ${[rondb, answers].map(([, , script]) => `(${script})`).join('; ')}`),
  remove: ['true'],
}

const runs = { user: 'hopsworks', timeoutSeconds: 7200, check: answers }

/** Ascending, newest last; each can be reached from the one before. */
const minors = ['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9']

export const seededEntries: readonly CatalogueEntry[] = minors.map((branch, index) => {
  const before = minors[index - 1]
  return catalogueEntrySchema.parse({
    version: `${branch}.0`,
    ...(before && { upgradableFromVersion: `${before}.0`, upgrade: { ...runs, command: installer(branch) } }),
    default: index === minors.length - 1,
    releaseNotesUrl: `https://docs.hopsworks.ai/${branch}/`,
    images: [{ os: 'ubuntu', urn: FOCAL }],
    install: { ...runs, command: installer(branch), password },
    health: { api: answers, rondb },
    backup,
  })
})
