import script from '../agent/slipway_agent.py'
import unit from '../agent/slipway-agent.service'
import { processEnvironment } from '../shared/config/environment.ts'
import { registerApp } from './register-app.ts'

registerApp(processEnvironment(), { script, unit })
