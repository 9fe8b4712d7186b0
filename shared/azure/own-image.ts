import { parseArmId } from './arm-id.ts'

/** What making a machine from an image of one's own takes at the image, by the kind of image. */
export const imagePermissions: readonly string[] = [
  'Microsoft.Compute/images/read',
  'Microsoft.Compute/galleries/images/read',
  'Microsoft.Compute/galleries/images/versions/read',
]

/** The one of them that the image with this ARM id takes. */
export function imagePermission(id: string): string {
  const action = `${parseArmId(id).type}/read`
  return imagePermissions.find((known) => known.toLowerCase() === action.toLowerCase()) ?? action
}

/** Galleries are versioned apart from the rest of Compute. */
export const imageApiVersion = (id: string): string => (/\/galleries\//i.test(id) ? '2023-07-03' : '2024-07-01')
