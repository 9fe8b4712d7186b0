/**
 * Accepted api-versions, newest first: of @azure/arm-compute and of the Azure CLI of Debian and Microsoft [azure-rest-api-specs, compute].
 * Virtual machines, images, SSH keys, usages and sizes share one sequence; disks, galleries and SKUs have their own.
 */
export const COMPUTE_VERSIONS = [
  '2026-03-01',
  '2025-04-01',
  '2024-11-01',
  '2024-07-01',
  '2024-03-01',
  '2023-09-01',
  '2023-07-01',
  '2023-03-01',
  '2022-11-01',
  '2022-08-01',
  '2022-03-01',
  '2021-11-01',
  '2021-07-01',
  '2021-03-01',
  '2020-12-01',
  '2020-06-01',
  '2019-12-01',
]

export const DISK_VERSIONS = [
  '2025-01-02',
  '2024-03-02',
  '2023-10-02',
  '2023-04-02',
  '2023-01-02',
  '2022-07-02',
  '2022-03-02',
  '2021-12-01',
  '2021-08-01',
  '2021-04-01',
  '2020-12-01',
  '2020-09-30',
  '2019-07-01',
]

export const GALLERY_VERSIONS = [
  '2025-03-03',
  '2024-03-03',
  '2023-07-03',
  '2022-08-03',
  '2022-03-03',
  '2021-10-01',
  '2021-07-01',
  '2020-09-30',
]

export const SKU_VERSIONS = ['2021-07-01', '2019-04-01', '2017-09-01']
