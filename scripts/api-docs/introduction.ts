import type { Section } from './example.ts'

/** What holds for every call; the examples in it were made like all others. */
export const introduction = (examples: (section: Section) => string): string => `# The API

\`node scripts/api-docs.ts\` makes this page. The tables come from the OpenAPI document that every running app serves at \`/api/openapi.json\`. Every example is a call that was made to the whole app, and a test makes them all again. Ids, times and durations are replaced by ones that stay; \`…\` stands for what is left out. To follow them on your machine:

\`\`\`sh
npm start
key="x-api-key: $(cat .local/operator-key)"
api=http://127.0.0.1:7071/api
\`\`\`

It speaks the Hopsworks.ai API, so the Terraform provider drives it; for that see [Terraform](terraform.md).

## Keys and roles

Every call but two has the header \`x-api-key\`. A key has a role: a \`reader\` looks; an \`operator\` also creates, changes and removes clusters; an \`admin\` does everything. \`npm run key\` makes the first one, \`POST /api/keys\` makes others. Behind App Service authentication a signed-in user needs no key.

A key that is missing, wrong, revoked, expired or not enough is 403, with a sentence as plain text:

${examples('refusal')}

## The envelope

Every other answer is JSON of one form. \`code\` is the HTTP status; \`payload\` is what was asked for. The examples below show status and payload alone.

${examples('envelope')}

Every answer has the header \`X-Request-Id\`, which names the request in the log. Nothing is cached.

A body is JSON in UTF-8, whatever its content type says. It may have as many bytes as the setting \`SLIPWAY_BODY_LIMIT\` allows, be nested 32 deep and hold 20,000 values. Times are epoch seconds, sizes of disks and memory GB.

## Errors

What is wrong is told in \`error\`, and its \`message\` is the envelope's. Nothing was changed.

${examples('errors')}

| status | \`error.code\` | meaning |
|---|---|---|
| 400 | \`invalid\` | the request cannot be right; \`field\` is the path of the field at fault |
| 403 | | see above; plain text |
| 404 | \`not-found\` | there is nothing of this id. Never anything else: an unknown path is 501 |
| 409 | \`conflict\` | it cannot be done as things stand, e.g. because another operation is at work |
| 409 | \`permission\` | Azure refuses; \`action\`, \`scope\` and \`remedy\` tell what is missing and the command that grants it |
| 409 | \`quota\`, \`capacity\` | the subscription may not have more, or Azure has no more |
| 409 | \`cancelled\` | somebody called it off |
| 413 | \`too-large\` | the body is too large |
| 422 | \`invalid\` | this Idempotency-Key was used for another request |
| 429 | \`rate-limited\` | too many requests of this key, or too many wrong keys from this address |
| 500 | \`unknown\`, \`stuck\` | something is wrong on our side; the log has more under the request's id |
| 501 | \`unsupported\` | there is no such call, or it does not work for this thing |
| 503 | \`transient\`, \`throttled\` | storage or Azure cannot be reached at the moment, or the settings of the app are wrong |

\`retryable\` says whether the same call can succeed later without anybody changing anything. 429 and 503 have the header \`Retry-After\`, in seconds; so has every answer that knows when to come back. The same problem explains a failed [operation](operations.md).

## Dry runs

\`?dryRun=true\` on a call that changes something answers what would be done, and does nothing. What would be refused is refused then as well. Where a plan is answered it is the one that would run; where machines are started it says what they cost in a month.

${examples('dry-run')}

## Doing something once

A POST with the header \`Idempotency-Key\` is carried out once: for a day the same key and the same request get the same answer, with the header \`Idempotent-Replayed\`. An answer that holds a secret is not given twice. PUT and DELETE say how things are to be, and can be repeated as they are.

${examples('repetition')}

## Pages

Lists that can be long take \`limit\` and answer \`continuation\` where there is more; hand it back as it is for the next page. \`GET /api/clusters\` without a limit answers all of them, as its other clients expect.

${examples('pages')}

## What takes time

202 means that an operation has begun: \`Operation-Location\` is its path, \`Retry-After\` when to look. The state of the cluster has changed already when the answer comes. [Operations](operations.md) tells what can be done with one that failed.`
