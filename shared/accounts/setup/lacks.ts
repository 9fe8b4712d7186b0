import { type Granted, isGranted } from '../../azure/granted.ts'
import type { Actions } from '../../permissions/control-plane-role.ts'

/** Whether some of the actions are not granted. */
export const lacks = (granted: Granted, { actions, dataActions }: Actions): boolean =>
  actions.some((action) => !isGranted(granted, action, false)) || dataActions.some((action) => !isGranted(granted, action, true))
