/** A marketplace image: what `imageReference` names by publisher, offer, sku and version. */
export interface PlatformImage {
  publisher: string
  offer: string
  sku: string
  version: string
  osType: 'Linux'
  osName: string
  osVersion: string
  osDiskGb: number
  hyperVGeneration: 'V1' | 'V2'
}

const canonical = (offer: string, sku: string, version: string, osVersion: string): PlatformImage => ({
  publisher: 'Canonical',
  offer,
  sku,
  version,
  osType: 'Linux',
  osName: 'ubuntu',
  osVersion,
  osDiskGb: 30,
  hyperVGeneration: sku.includes('gen2') || sku === 'server' ? 'V2' : 'V1',
})

/** Ascending by version, so that the last fit is `latest`. */
export const PLATFORM_IMAGES: readonly PlatformImage[] = [
  canonical('UbuntuServer', '18_04-lts-gen2', '18.04.202401161', '18.04'),
  canonical('0001-com-ubuntu-server-focal', '20_04-lts', '20.04.202505200', '20.04'),
  canonical('0001-com-ubuntu-server-focal', '20_04-lts-gen2', '20.04.202410160', '20.04'),
  canonical('0001-com-ubuntu-server-focal', '20_04-lts-gen2', '20.04.202505200', '20.04'),
  canonical('0001-com-ubuntu-server-jammy', '22_04-lts', '22.04.202509160', '22.04'),
  canonical('0001-com-ubuntu-server-jammy', '22_04-lts-gen2', '22.04.202410020', '22.04'),
  canonical('0001-com-ubuntu-server-jammy', '22_04-lts-gen2', '22.04.202509160', '22.04'),
  canonical('ubuntu-24_04-lts', 'server', '24.04.202509100', '24.04'),
]

export interface PlatformImageReference {
  publisher: string
  offer: string
  sku: string
  version: string
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** The image of a reference, `latest` taken as the newest version; undefined where the marketplace has none. */
export function platformImage({ publisher, offer, sku, version }: PlatformImageReference): PlatformImage | undefined {
  return PLATFORM_IMAGES.findLast(
    (image) =>
      same(image.publisher, publisher) &&
      same(image.offer, offer) &&
      same(image.sku, sku) &&
      (same(version, 'latest') || image.version === version),
  )
}
