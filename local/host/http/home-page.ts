import type { RawResponse } from '../extension.ts'

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Your Functions app is up and running</title></head>
<body style="font-family: sans-serif; margin: 4em"><h1>Your Functions app is up and running</h1>
<p>It runs on the embedded host of this machine. <code>GET /admin/host/status</code> says more.</p></body></html>
`

/** What `/` answers; setting AzureWebJobsDisableHomepage turns it off. */
export function homePage(settings: Readonly<Record<string, string>>): RawResponse {
  const isOff = /^(true|1)$/i.test(settings.AzureWebJobsDisableHomepage ?? '')
  return isOff ? { status: 204 } : { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE }
}
