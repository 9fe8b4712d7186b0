import type { Parts } from './create-azure.ts'
import type { LandingZone } from './landing-zone.ts'
import type { Resource } from './resource.ts'

/** What exists: JSON by default, a plain page for browsers. */
export function frontPage({ azure, arm }: Parts, zone: LandingZone, accept: string | undefined): Response {
  const types = new Set(
    arm.registry.providers.flatMap(({ namespace, resourceTypes }) => resourceTypes.map(({ type }) => `${namespace}/${type}`)),
  )
  const resources = azure.resources.under('/subscriptions').filter(({ type }) => types.has(type))
  if (!accept?.includes('text/html'))
    return Response.json({
      tenantId: zone.tenantId,
      subscriptionId: zone.subscriptionId,
      speed: azure.speed,
      resources: resources.map(({ id, type, location, provisioningState }) => ({ id, type, location, provisioningState })),
    })
  const rows = [...resources].sort((a, b) => (a.id < b.id ? -1 : 1)).map(row)
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated Azure</title>
<style>body{font:14px/1.5 system-ui;margin:2rem}td,th{text-align:left;padding:.1rem 1rem .1rem 0}</style>
<h1>Simulated Azure</h1><p>Tenant ${escapeHtml(zone.tenantId)}, subscription ${escapeHtml(zone.subscriptionId)}, speed ${azure.speed}</p>
<table><tr><th>Name<th>Type<th>Group<th>Location<th>State</tr>${rows.join('')}</table></html>`
  return new Response(page, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'" },
  })
}

function row({ id, name, type, location, provisioningState }: Resource): string {
  const group = /\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? ''
  return `<tr>${[name, type, group, location ?? '', provisioningState].map((cell) => `<td>${escapeHtml(cell)}`).join('')}</tr>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
