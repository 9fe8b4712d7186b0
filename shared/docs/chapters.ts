/** A part of the API that is described together. */
export interface Chapter {
  readonly title: string
  /** A sentence or two for readers. */
  readonly about: string
  /** Endpoints whose names begin with one of these; the longest one that fits an endpoint's name decides. */
  readonly names: readonly string[]
}

/** In the order in which somebody new needs them. */
export const chapters: readonly Chapter[] = [
  {
    title: 'The app',
    about: 'Whether it works, and what it can do. Neither call needs a key.',
    names: ['health', 'openapi'],
  },
  {
    title: 'Keys',
    about: 'Every caller has a key of its own, with a role: a reader looks, an operator works on clusters, an admin does the rest.',
    names: ['keys'],
  },
  {
    title: 'Accounts',
    about: 'Azure subscriptions: how they are connected, what they lack, and what there is in them to choose from.',
    names: ['accounts'],
  },
  {
    title: 'Permissions',
    about: 'The roles that the app and the clusters need in Azure, computed from what is used, and the look before a creation.',
    names: ['permissions', 'preflight'],
  },
  { title: 'Clusters', about: 'From a request to a running cluster and to its end.', names: ['clusters'] },
  { title: 'Machines', about: 'Other sizes for the machines of a stopped cluster.', names: ['node-types'] },
  { title: 'Workers', about: 'More of them, fewer of them, or as many as the load asks for.', names: ['workers', 'clusters-autoscale'] },
  { title: 'Ports', about: 'Which services of a cluster can be reached from outside.', names: ['ports'] },
  {
    title: 'Operations',
    about: 'What takes time is an operation, with a plan whose steps can be watched. One that failed goes on from where it stopped.',
    names: ['operations'],
  },
  { title: 'Backups', about: 'Copies of a cluster, and clusters made from them.', names: ['backups'] },
  {
    title: 'Versions and upgrades',
    about: 'What clusters can be installed with, and how they get to a newer version and back.',
    names: ['versions', 'clusters-hopsworks', 'clusters-upgrade'],
  },
  {
    title: 'Notifications',
    about: 'What clusters have been told, and who else is told of it.',
    names: ['notifications', 'webhooks', 'dead-letters'],
  },
  {
    title: 'Registries',
    about: 'Container registries that are kept clean: what is in them, and what is removed when.',
    names: ['registries'],
  },
  { title: 'Retention runs', about: 'What was removed from a registry, or would be, and why the rest was kept.', names: ['retention'] },
  { title: 'The agent', about: 'Spoken by what runs on the head of a cluster, with a key of its own.', names: ['agents'] },
]

/** A feature that has no chapter gets one of its own, named like its endpoints. */
export function chapterOf(name: string): Chapter {
  const [best] = chapters
    .flatMap((chapter) => chapter.names.map((beginning) => ({ chapter, beginning })))
    .filter(({ beginning }) => name === beginning || name.startsWith(`${beginning}-`))
    .sort((one, other) => other.beginning.length - one.beginning.length)
  return best?.chapter ?? { title: name.split('-')[0] ?? name, about: '', names: [] }
}
