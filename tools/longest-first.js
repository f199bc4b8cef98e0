'use strict'
const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * On a fresh clone jest knows no times and begins with the largest files; one that is small and takes minutes then ends alone, while the
 * other workers idle.
 */
const LONGEST = ['acceptance.spec.ts', 'faults/faults.spec.ts', 'canary.spec.ts', 'report.spec.ts', 'sync.spec.ts']

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((name) => path.endsWith(`/${name}`) && path.includes('/integration_tests/'))
  return rank === -1 ? LONGEST.length : rank
}

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b))
  }
}
