import { gzipSync } from 'node:zlib'
import type { AgentConfig } from './agent-config.ts'
import type { AgentFiles } from './agent-files.ts'

export interface BootData {
  /** Absent: a machine without an agent. */
  readonly agent?: { readonly config: AgentConfig; readonly files: AgentFiles }
  /** The user's script; empty: none. */
  readonly initScript: string
  readonly runInitScriptFirst: boolean
  /** Whether there is a data disk to be formatted and mounted. */
  readonly dataDisk: boolean
}

/** Azure's limit for customData, in bytes before base64 [learn: virtual-machines/custom-data]. */
export const LARGEST_BOOT_DATA = 65_535

const AGENT = '/usr/local/lib/slipway/slipway_agent.py'
const UNIT = '/etc/systemd/system/slipway-agent.service'
const INIT_SCRIPT = '/usr/local/lib/slipway/init.sh'
/** The first data disk as Azure's udev rules name it. */
const DATA_DISK = '/dev/disk/azure/scsi1/lun0'
const DATA_FOLDER = '/srv/hops'

interface File {
  readonly path: string
  readonly permissions: string
  readonly content: string
  readonly encoding?: 'gz+b64'
}

/** `osProfile.customData` in base64: a cloud-config document written as JSON, which is YAML. The same input gives the same bytes. */
export function bootData({ agent, initScript, runInitScriptFirst, dataDisk }: BootData): string {
  const files: File[] = []
  const commands: string[][] = []
  if (agent) {
    files.push(
      // The control plane's key is in here: nobody but root reads it.
      { path: '/etc/slipway/agent.json', permissions: '0600', content: JSON.stringify(agent.config) },
      packed(AGENT, '0755', agent.files.script),
      packed(UNIT, '0644', agent.files.unit),
    )
    commands.push(['systemctl', 'daemon-reload'], ['systemctl', 'enable', '--now', 'slipway-agent'])
  }
  if (initScript !== '') {
    files.push(packed(INIT_SCRIPT, '0755', initScript))
    if (runInitScriptFirst) commands.unshift([INIT_SCRIPT])
    else commands.push([INIT_SCRIPT])
  }
  const document = {
    write_files: files,
    ...(dataDisk && {
      disk_setup: { [DATA_DISK]: { table_type: 'gpt', layout: true, overwrite: false } },
      fs_setup: [{ device: DATA_DISK, partition: 1, filesystem: 'ext4', overwrite: false }],
      mounts: [[`${DATA_DISK}-part1`, DATA_FOLDER, 'ext4', 'defaults,nofail', '0', '2']],
    }),
    runcmd: commands,
  }
  return Buffer.from(`#cloud-config\n${JSON.stringify(document)}\n`).toString('base64')
}

const packed = (path: string, permissions: string, content: string): File => ({
  path,
  permissions,
  encoding: 'gz+b64',
  content: gzipSync(content, { level: 9 }).toString('base64'),
})
