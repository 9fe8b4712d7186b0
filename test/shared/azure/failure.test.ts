import { AuthenticationError, CredentialUnavailableError } from '@azure/identity'
import { classify } from '../../../shared/azure/classify.ts'

test('a sign-in service that was not reached is waited for; the secret is not blamed', () => {
  const away = new CredentialUnavailableError('network_error: See https://aka.ms/msal.js.errors#network_error for details')
  expect(classify(away)).toMatchObject({ code: 'transient', retryable: true })
})

test('a sign-in service that is out of order is waited for', () => {
  expect(classify(new AuthenticationError(503, { error: 'server_error', error_description: 'try later' }))).toMatchObject({
    code: 'transient',
    retryable: true,
  })
})

test('a secret that is refused is a matter of permission, in the words of the sign-in service', () => {
  const refused = new AuthenticationError(401, {
    error: 'invalid_client',
    error_description: 'AADSTS7000215: Invalid client secret.\r\nTrace ID: 1',
  })
  expect(classify(refused)).toMatchObject({ code: 'permission', message: 'AADSTS7000215: Invalid client secret.', retryable: false })
})
