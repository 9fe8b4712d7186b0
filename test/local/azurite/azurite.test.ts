import { TableClient } from '@azure/data-tables'
import { azurite } from '../../azurite.ts'

test('two test files never see one another: each gets an account of its own', async () => {
  const [one, other] = [azurite(), azurite()]
  expect(one.account).not.toBe(other.account)
  const tableOf = (connectionString: string) =>
    TableClient.fromConnectionString(connectionString, 'things', { allowInsecureConnection: true })
  await tableOf(one.connectionString).createTable()
  await tableOf(one.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r' })
  await tableOf(other.connectionString).createTable()
  await expect(tableOf(other.connectionString).getEntity('p', 'r')).rejects.toMatchObject({ statusCode: 404 })
})
