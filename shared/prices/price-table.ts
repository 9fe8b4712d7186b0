/**
 * List prices on demand, entered by hand and not fetched: USD, Linux, pay as you go.
 * They are for the order of magnitude. What a subscription really pays depends on its location, its agreement and the day;
 * the source has the current ones for every location, and without a key.
 */
export const priceTable = {
  currency: 'USD',
  date: '2025-06-01',
  source: 'https://prices.azure.com/api/retail/prices',
  location: 'eastus',
  /** Of a machine for an hour, by its size's series: the price of a vCPU, which is the same for all sizes of these series. */
  vCpuHours: [
    { series: /^Standard_D\d+s?_v[345]$/i, price: 0.048 },
    { series: /^Standard_D\d+as_v4$/i, price: 0.048 },
    { series: /^Standard_D\d+as_v5$/i, price: 0.043 },
    { series: /^Standard_D\d+ds_v4$/i, price: 0.0565 },
    { series: /^Standard_E\d+s?_v[345]$/i, price: 0.063 },
    { series: /^Standard_E\d+ds_v4$/i, price: 0.072 },
    { series: /^Standard_L\d+s_v2$/i, price: 0.078 },
  ],
  /** Of a machine for an hour, by its size in lower case. */
  machineHours: {
    standard_b1s: 0.0104,
    standard_b1ms: 0.0207,
    standard_b2s: 0.0416,
    standard_b2ms: 0.0832,
    standard_b4ms: 0.166,
    standard_b8ms: 0.333,
    standard_nc4as_t4_v3: 0.526,
    standard_nc6s_v3: 3.06,
  } as Readonly<Record<string, number>>,
  /** Of a managed disk for a month, by its largest size in GB: each is charged as the next tier. Locally redundant. */
  diskMonths: {
    premium: [
      [32, 5.28],
      [64, 10.21],
      [128, 19.71],
      [256, 38.02],
      [512, 73.22],
      [1024, 135.17],
      [2048, 259.05],
      [4096, 495.57],
      [8192, 946.08],
      [16_384, 1802.06],
      [32_767, 3604.11],
    ],
    standard: [
      [32, 1.54],
      [64, 3.01],
      [128, 5.89],
      [256, 11.33],
      [512, 21.76],
      [1024, 40.96],
      [2048, 77.83],
      [4096, 143.36],
      [8192, 262.14],
      [16_384, 524.29],
      [32_767, 1048.58],
    ],
  },
  /** Of a static address of the Standard kind, for an hour. */
  publicIpHours: 0.005,
} as const
