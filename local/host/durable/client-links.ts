/** Where a durable client finds everything; `code` is the system key, absent on a host without keys. */
export interface ClientLinks {
  /** Without a slash at the end. */
  readonly base: string
  readonly hub: string
  readonly code?: string
}

/** The connection's name on the wire; there is one account. */
const CONNECTION = 'Storage'

const codeQuery = ({ code }: ClientLinks) => (code === undefined ? '' : `code=${code}`)
const query = (links: ClientLinks) => [`taskHub=${links.hub}`, `connection=${CONNECTION}`, codeQuery(links)].filter(Boolean).join('&')

/** Headers carry it too, so whatever is not ASCII is escaped. */
export const instanceUrl = ({ base }: ClientLinks, instanceId: string): string => `${base}/instances/${encodeURI(instanceId)}`

/** What a caller can do with one instance: the answer to its creation. */
export function instanceLinks(links: ClientLinks, instanceId: string) {
  const instance = instanceUrl(links, instanceId)
  const required = query(links)
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${required}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${required}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${required}`,
    purgeHistoryDeleteUri: `${instance}?${required}`,
    restartPostUri: `${instance}/restart?${required}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${required}`,
    resumePostUri: `${instance}/resume?reason={text}&${required}`,
  }
}

/**
 * The data of a durableClient binding. With `rpcBaseUrl` every call of the library goes there; the other links are those
 * that it hands out to callers.
 */
export function clientBinding(links: ClientLinks, rpcBaseUrl: string) {
  const { base, hub } = links
  const creation = `${base}/orchestrators/{functionName}[/{instanceId}]?`
  const required = codeQuery(links)
  return {
    taskHubName: hub,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${creation}${required}`,
      createAndWaitOnNewInstancePostUri: `${creation}timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${required}`,
    },
    managementUrls: {
      ...instanceLinks(links, 'INSTANCEID'),
      rewindPostUri: `${instanceUrl(links, 'INSTANCEID')}/rewind?reason={text}&${query(links)}`,
    },
    baseUrl: base,
    requiredQueryStringParameters: required,
    rpcBaseUrl,
    httpBaseUrl: null,
  }
}
