/** What is put on a head node, as text. */
export interface AgentFiles {
  /** agent/slipway_agent.py */
  readonly script: string
  /** agent/slipway-agent.service */
  readonly unit: string
}
