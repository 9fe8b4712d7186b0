import script from '../agent/slipway_agent.py'
import unit from '../agent/slipway-agent.service'
import { processEnvironment } from '../shared/config/environment.ts'
import { registerApp } from './register-app.ts'

/** Written in by the bundler, from package.json. */
declare const SLIPWAY_VERSION: string

registerApp(processEnvironment(), { version: SLIPWAY_VERSION, agentFiles: { script, unit } })
