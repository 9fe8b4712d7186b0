/** How a version gets onto machines (contract hopsworks-install.md). */
export interface CatalogueEntry {
  readonly version: string
  /** Marketplace image by operating system. */
  readonly images: { readonly ubuntu?: Image; readonly centos?: Image }
  /** null: the image brings Hopsworks. */
  readonly install: Install | null
}

export interface Image {
  readonly publisher: string
  readonly offer: string
  readonly sku: string
  readonly version: string
}

/** Commands as argument lists; run on the head by its agent. */
export interface Install {
  readonly command: readonly string[]
  /** Exits with 0 once Hopsworks is installed and answers. */
  readonly check: readonly string[]
  /** Not root: the installer refuses it. */
  readonly user: string
  readonly timeoutSeconds: number
  /** Sets the password of the first administrator: standard input is the user's name and the new password, a line each. */
  readonly password: readonly string[]
}

const FOCAL: Image = { publisher: 'Canonical', offer: '0001-com-ubuntu-server-focal', sku: '20_04-lts-gen2', version: 'latest' }

/** The vendor's public installer, from the branch of the version; called, never copied. */
const installer = (branch: string): Install => ({
  command: [
    'bash',
    '-c',
    `set -euo pipefail; cd "$HOME"; curl -fsSL --retry 5 -o hopsworks-installer.sh https://raw.githubusercontent.com/logicalclocks/karamel-chef/${branch}/hopsworks-installer.sh; chmod +x hopsworks-installer.sh; ./hopsworks-installer.sh -i cluster -ni -c azure -w "\${SLIPWAY_WORKERS:-none}"`,
  ],
  check: ['bash', '-c', 'curl -fsSk --max-time 10 -o /dev/null https://localhost/hopsworks/'],
  user: 'hopsworks',
  timeoutSeconds: 7200,
  password: [
    'bash',
    '-c',
    'set -euo pipefail; read -r user; read -r new; jar=$(mktemp); trap \'rm -f "$jar"\' EXIT; curl -fsSk -c "$jar" --data-urlencode "email=$user" --data-urlencode password=admin https://localhost/hopsworks-api/api/auth/login -o /dev/null; curl -fsSk -b "$jar" --data-urlencode oldPassword=admin --data-urlencode "newPassword=$new" --data-urlencode "confirmedPassword=$new" https://localhost/hopsworks-api/api/users/credentials -o /dev/null',
  ],
})

const entry = (version: string, branch: string): CatalogueEntry => ({ version, images: { ubuntu: FOCAL }, install: installer(branch) })

/** Ascending, newest last. */
export const catalogue: readonly CatalogueEntry[] = [
  entry('3.0.0', '3.0'),
  entry('3.1.0', '3.1'),
  entry('3.2.0', '3.2'),
  entry('3.3.0', '3.3'),
  entry('3.4.0', '3.4'),
  entry('3.5.0', '3.5'),
  entry('3.6.0', '3.6'),
  entry('3.7.0', '3.7'),
  entry('3.8.0', '3.8'),
  entry('3.9.0', '3.9'),
]

export const entryOf = (version: string): CatalogueEntry | undefined => catalogue.find((known) => known.version === version)
