'use strict'
/* Counts from the test runner's report. A test that was skipped for a reason that allowed-skips.txt does not list is a failure. */
const fs = require('node:fs')
const path = require('node:path')

const [report, status] = process.argv.slice(2)
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
  fs.readFileSync(report, 'utf8'),
)

const allowed = fs
  .readFileSync(path.join(__dirname, 'allowed-skips.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

const skipped = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter((result) => result.status !== 'passed' && result.status !== 'failed')
  .map(({ fullName }) => fullName)
const unlisted = skipped.filter((name) => !allowed.some((reason) => name.includes(`(skipped: ${reason})`)))
for (const name of unlisted) process.stdout.write(`skipped for a reason that is not listed: ${name}\n`)

const failed = numFailedTests + numRuntimeErrorTestSuites + unlisted.length
process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${skipped.length - unlisted.length} skipped\n`)
process.exitCode = failed === 0 && numPassedTests > 0 && Number(status) === 0 ? 0 : 1
