import type { Operation } from '../../operations/operation.ts'
import type { OperationKind } from '../../operations/operation-kind.ts'
import { ProblemError } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { update } from '../../storage/update.ts'
import type { Account } from '../account.ts'
import { ACCOUNT_PARTITION, accountTable, findAccount } from '../accounts.ts'

export const SET_UP_ACCOUNT = 'set-up-account'

/** Makes the operation the account's active one; ProblemError `conflict` where another is, or where the account is being removed. */
export async function claimAccount(services: Services, { id, subject }: Operation): Promise<void> {
  const claimed = await update(accountTable(services), ACCOUNT_PARTITION, subject.id, (account) => {
    if (account.leaving) throw refused('The account is being removed.', 'Connect the subscription again: POST /api/accounts')
    const { activeOperation: active = id } = account
    if (active !== id) throw refused('The account is being set up already.', `Wait until it is: GET /api/operations/${active}`)
    return { ...account, activeOperation: id }
  })
  if (!claimed) throw refused('The account is not there any more.', 'Connect the subscription again: POST /api/accounts')
}

/** What it has made stays, however it ends: it is the user's. */
export const setUpAccount: OperationKind = {
  kind: SET_UP_ACCOUNT,
  cancel: 'stop',
  claimed: async (services, { id, subject }) => (await findAccount(services, subject.id))?.activeOperation === id,
  reclaim: claimAccount,
  async ended(services, { id, subject }) {
    await update(accountTable(services), ACCOUNT_PARTITION, subject.id, (account): Account | undefined => {
      const { activeOperation, ...idle } = account
      return activeOperation === id ? idle : undefined
    })
  },
}

const refused = (message: string, remedy: string) => new ProblemError({ code: 'conflict', message, remedy, retryable: true })
