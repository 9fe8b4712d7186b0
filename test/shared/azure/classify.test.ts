import { RestError } from '@azure/core-rest-pipeline'
import { classify, classifyFailure } from '../../../shared/azure/classify.ts'
import type { AzureFailure } from '../../../shared/azure/failure.ts'
import { ProblemError } from '../../../shared/problem.ts'

const SCOPE = '/subscriptions/s/resourceGroups/slipway/providers/Microsoft.Compute/virtualMachines/demo-master'

const cores =
  'Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional details - Current Limit: 10. Submit a request at https://aka.ms/ProdportalCRP/?#blade/Quota%20Request by specifying parameters.'

test.each<[AzureFailure, string, boolean]>([
  [{ status: 429, code: 'TooManyRequests', message: 'x', retryAfter: 17 }, 'throttled', true],
  [{ status: 429, code: 'OperationNotAllowed', message: 'quota of calls' }, 'throttled', true],
  [{ status: 409, code: 'OperationNotAllowed', message: cores }, 'quota', false],
  [{ status: 403, code: 'QuotaExceeded', message: 'x' }, 'quota', false],
  [{ status: 400, code: 'PublicIPCountLimitReached', message: 'x' }, 'quota', false],
  [{ status: 409, code: 'SkuNotAvailable', message: 'x' }, 'capacity', true],
  [{ status: 409, code: 'AllocationFailed', message: 'x' }, 'capacity', true],
  [{ status: 409, code: 'ZonalAllocationFailed', message: 'x' }, 'capacity', true],
  [{ status: 409, code: 'OverconstrainedAllocationRequest', message: 'x' }, 'capacity', true],
  [{ status: 409, code: 'OverconstrainedZonalAllocationRequest', message: 'x' }, 'capacity', true],
  [{ status: 401, code: 'InvalidAuthenticationToken', message: 'x' }, 'permission', false],
  [{ status: 403, code: 'AuthorizationFailed', message: 'x' }, 'permission', false],
  [{ status: 403, code: 'AuthorizationPermissionMismatch', message: 'x' }, 'permission', false],
  [{ status: 409, code: 'MissingSubscriptionRegistration', message: "use namespace 'Microsoft.Compute'" }, 'invalid', false],
  [{ status: 409, code: 'AnotherOperationInProgress', message: 'x', retryAfter: 10 }, 'conflict', true],
  [{ status: 409, code: 'OperationNotAllowed', message: 'the VM is busy' }, 'conflict', true],
  [{ status: 429, code: 'RetryableError', message: 'x' }, 'throttled', true],
  [{ status: 409, code: 'RetryableError', message: 'x' }, 'conflict', true],
  [{ status: 400, code: 'NicInUse', message: 'x' }, 'conflict', true],
  [{ status: 400, code: 'NicReservedForAnotherVm', message: 'x' }, 'conflict', true],
  [{ status: 400, code: 'InUseSubnetCannotBeDeleted', message: 'x' }, 'conflict', true],
  [{ status: 400, code: 'PublicIPAddressCannotBeDeleted', message: 'x' }, 'conflict', true],
  [{ status: 409, code: 'ResourceGroupBeingDeleted', message: 'x' }, 'conflict', true],
  [{ status: 412, code: 'PreconditionFailed', message: 'x' }, 'conflict', true],
  [{ status: 409, code: 'ConflictingUserInput', message: 'x' }, 'conflict', false],
  [{ status: 409, code: 'PropertyChangeNotAllowed', message: 'x' }, 'conflict', false],
  [{ status: 404, code: 'ResourceGroupNotFound', message: 'x' }, 'not-found', false],
  [{ status: 400, code: 'InvalidResourceReference', message: 'x' }, 'not-found', false],
  [{ status: 400, code: 'InvalidParameter', message: 'x' }, 'invalid', false],
  [{ status: 500, code: 'InternalServerError', message: 'x' }, 'transient', true],
  [{ status: 503, code: 'ServerTimeout', message: 'x', retryAfter: 3 }, 'transient', true],
  [{ status: 408, message: 'x' }, 'transient', true],
  [{ code: 'ECONNRESET', message: 'x' }, 'transient', true],
  [{ code: 'REQUEST_SEND_ERROR', message: 'x' }, 'transient', true],
  [{ message: 'the socket hung up' }, 'transient', true],
  [{ status: 401, code: 'SignInFailed', message: 'invalid_client' }, 'permission', false],
  [{ status: 503, code: 'SignInUnavailable', message: 'x' }, 'transient', true],
  [{ status: 302, message: 'x' }, 'unknown', false],
])('%j is %s', (failure, code, retryable) => {
  const problem = classifyFailure(failure)
  expect(problem).toMatchObject({ code, retryable })
  if (retryable && code !== 'capacity' && failure.retryAfter !== undefined) expect(problem.retryAfter).toBe(failure.retryAfter)
})

test('a missing permission names the action, the scope and the command that gives it', () => {
  const message = `The client 'app' with object id 'oid' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/write' over scope '${SCOPE}' or the scope is invalid. If access was recently granted, please refresh your credentials.`
  expect(classifyFailure({ status: 403, code: 'AuthorizationFailed', message })).toEqual({
    code: 'permission',
    message,
    azureCode: 'AuthorizationFailed',
    action: 'Microsoft.Compute/virtualMachines/write',
    scope: SCOPE,
    remedy: expect.stringContaining(
      `az role assignment create --assignee-object-id oid --assignee-principal-type ServicePrincipal --role "Virtual Machine Contributor" --scope ${SCOPE}`,
    ),
    retryable: false,
  })
})

test('a missing permission on a linked resource names that resource', () => {
  const subnet = '/subscriptions/s/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/v/subnets/default'
  const message = `The client 'app' with object id 'oid' has permission to perform action 'Microsoft.Network/networkInterfaces/write' on scope '${SCOPE}'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnet}' (respectively) or the linked scope(s) are invalid.`
  expect(classifyFailure({ status: 403, code: 'LinkedAuthorizationFailed', message })).toMatchObject({
    action: 'Microsoft.Network/virtualNetworks/subnets/join/action',
    scope: subnet,
    remedy: expect.stringContaining('"Network Contributor"'),
  })
})

test.each(['images/golden', 'galleries/own/images/hopsworks', 'galleries/own/images/hopsworks/versions/4.0.0'])(
  'a missing permission on the image %s is named in full, though Azure says no more than read',
  (name) => {
    const image = `/subscriptions/s/resourceGroups/images/providers/Microsoft.Compute/${name}`
    const message = `The client 'app' with object id 'oid' has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '${SCOPE}'; however, it does not have permission to perform action 'read' on the linked scope(s) '${image}' or the linked scope(s) are invalid.`
    const type = name.split('/').filter((_, index) => index % 2 === 0)
    expect(classifyFailure({ status: 403, code: 'LinkedAuthorizationFailed', message })).toMatchObject({
      action: `Microsoft.Compute/${type.join('/')}/read`,
      scope: image,
      remedy: expect.stringContaining(name.startsWith('galleries') ? '"Compute Gallery Image Reader"' : '"Reader"'),
    })
  },
)

test('a quota says where to ask for more, without a percent sign in the message', () => {
  const problem = classifyFailure({ status: 409, code: 'OperationNotAllowed', message: cores })
  expect(problem.message).not.toContain('%')
  expect(problem.remedy).toMatch(/^Ask for more at https:\/\/aka\.ms\/ProdportalCRP/)
})

test('an unregistered provider says how to register it', () => {
  const message = "The subscription is not registered to use namespace 'Microsoft.Network'."
  expect(classifyFailure({ status: 409, code: 'MissingSubscriptionRegistration', message }).remedy).toBe(
    'az provider register --namespace Microsoft.Network --wait, then retry.',
  )
})

test('what both generations of clients throw is read alike', () => {
  const body = { error: { code: 'ResourceNotFound', message: 'There is no such thing.' } }
  const old = Object.assign(new RestError('There is no such thing.', { statusCode: 404, code: 'ResourceNotFound' }), { details: body })
  const modular = new RestError('There is no such thing.', { statusCode: 404, code: 'ResourceNotFound' })
  for (const error of [old, modular]) {
    expect(classify(error)).toMatchObject({ code: 'not-found', message: 'There is no such thing.', azureCode: 'ResourceNotFound' })
  }
})

test('our own errors stay as they are, and a bug keeps its text to itself', () => {
  const problem = { code: 'conflict', message: 'taken', retryable: false } as const
  expect(classify(new ProblemError(problem))).toEqual(problem)
  expect(JSON.stringify(classify(new TypeError('secret is undefined')))).not.toContain('secret')
})
