import { request } from 'node:http'

export interface Sent {
  readonly key: string
  readonly body?: string | undefined
  readonly headers?: Record<string, string>
}

export interface Received {
  readonly status: number
  /** Content-Type, empty where there is none. */
  readonly type: string
  readonly encoding: string | undefined
  readonly text: string
}

/** To the byte as Go's client of the provider sends it [contract §1.1]: header names in its spelling, no length without a body but on PUT. */
export async function goRequest(method: string, url: string, { key, body, headers = {} }: Sent): Promise<Received> {
  const length =
    body === undefined ? (method === 'PUT' ? { 'Content-Length': '0' } : {}) : { 'Content-Length': `${Buffer.byteLength(body)}` }
  const sent = request(url, {
    method,
    headers: {
      'User-Agent': 'Terraform/1.9.0 (+https://www.terraform.io) Terraform-Plugin-SDK/2.33.0 terraform-provider-hopsworksai/1.12.0',
      ...length,
      'Content-Type': 'application/json',
      'Hopsai-Api-Version': 'v1',
      'X-Api-Key': key,
      'Accept-Encoding': 'gzip',
      ...headers,
    },
  })
  return new Promise((resolve, reject) => {
    sent.once('error', reject)
    sent.once('response', async (response) => {
      const parts: Buffer[] = []
      for await (const part of response) parts.push(part)
      const { 'content-type': type = '', 'content-encoding': encoding } = response.headers
      resolve({ status: response.statusCode ?? 0, type, encoding, text: Buffer.concat(parts).toString() })
    })
    sent.end(body)
  })
}
