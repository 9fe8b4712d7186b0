import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

/** What a head node's agent is told at boot: /etc/slipway/agent.json among the boot data's files. */
const agentConfig = z.object({
  api: z.url({ protocol: /^https?$/ }),
  key: z.string().min(1).max(1024),
  clusterId: z.string().max(128),
  nodeId: z.string().max(128),
  nodeName: z.string().max(128),
  version: z.string().max(64),
  heartbeatSeconds: z.number().positive().max(3600).default(3),
  /** null where the image brings Hopsworks with it. Its contents are for the real agent. */
  install: z.looseObject({}).nullish(),
})

export type AgentConfig = z.infer<typeof agentConfig>

const cloudConfig = z.object({
  write_files: z.array(z.looseObject({ path: z.string(), content: z.string().optional(), encoding: z.string().optional() })),
})

/** Bytes that a packed file may unpack to. */
const LONGEST_FILE = 1024 * 1024

const AGENT_FILE = '/etc/slipway/agent.json'

/**
 * The agent's configuration in a machine's `osProfile.customData` (base64), or undefined for a machine without an agent.
 * Anything that is not ours (a shell script, YAML, an agent.json that isn't one) is a machine without an agent, as cloud-init would run it.
 */
export function agentConfigOf(customData: string | undefined): AgentConfig | undefined {
  if (!customData) return undefined
  const text = Buffer.from(customData, 'base64').toString('utf8')
  if (!text.startsWith('#cloud-config')) return undefined
  const document = cloudConfig.safeParse(parseJson(text.slice(text.indexOf('\n') + 1)))
  const file = document.data?.write_files.find((entry) => entry.path === AGENT_FILE)
  if (!file) return undefined
  return agentConfig.safeParse(parseJson(decoded(file.content ?? '', file.encoding))).data
}

/** A file's content after its `encoding`, as cloud-init names them; undefined where it doesn't fit. */
function decoded(content: string, encoding: string | undefined): string | undefined {
  try {
    const bytes = Buffer.from(content, 'base64')
    if (!encoding) return content
    return (/^gz/.test(encoding) ? gunzipSync(bytes, { maxOutputLength: LONGEST_FILE }) : bytes).toString('utf8')
  } catch {
    return undefined
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
