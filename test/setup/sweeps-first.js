import Sequencer from '@jest/test-sequencer'

/** Files of a few lines that go on for a minute or more. On a fresh machine Jest knows of no durations and begins with the largest files. */
const SWEEP = /\/e2e\/(crash|fault|start|permissions|upgrades|acceptance|journeys|races|model)|\/killed-run|\/clusters\/failures/

/** What takes longest is begun first, so that at the end no worker waits for another one. JavaScript, because Jest loads it as it is. */
export default class SweepsFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => (SWEEP.test(path) ? 0 : 1)
    const usual = await super.sort(tests)
    return usual.toSorted((one, other) => rank(one) - rank(other))
  }
}
