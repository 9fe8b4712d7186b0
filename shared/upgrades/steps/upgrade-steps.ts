import type { AnyStepKind } from '../../operations/kinds.ts'
import { copyDisk, createSnapshot, removeDisk, removeSnapshot, swapDataDisk } from './disks.ts'
import { createNextHead } from './head.ts'
import { passHealthGate } from './health.ts'
import { exposeInterface, moveInterface } from './interfaces.ts'
import { waitForBoot, waitForMigration } from './migration.ts'
import { checkHeadQuota, checkIdentityRole, checkOwnRole, checkRegistry } from './preflight.ts'
import { adoptGeneration, enterPhase } from './progress.ts'

/** What the plans of upgrades and rollbacks are made of besides the clusters' own steps. */
export const upgradeSteps: readonly AnyStepKind[] = [
  checkOwnRole,
  checkIdentityRole,
  checkHeadQuota,
  checkRegistry,
  enterPhase,
  createSnapshot,
  removeSnapshot,
  copyDisk,
  removeDisk,
  swapDataDisk,
  moveInterface,
  exposeInterface,
  createNextHead,
  waitForBoot,
  waitForMigration,
  passHealthGate,
  adoptGeneration,
]
