import type { Canary } from './canaries'
import { FORMS } from './forms'
import { type Heard, listenTo } from './sandbox'
import type { Way } from './tally'

/** One leak on purpose. */
export interface Leak {
  readonly canary: string
  readonly form: string
  readonly text: string
}

export const leaksOf = (canaries: ReadonlyArray<Canary>): ReadonlyArray<Leak> =>
  canaries.flatMap(({ name, spellings }) =>
    spellings.flatMap((spelling) => FORMS.map((form) => ({ canary: name, form: form.name, text: form.of(spelling) }))),
  )

/**
 * A program that gives everything away, a leak a line: on stdout in a LOG message, on stderr as it is, and in a file of its
 * working directory. Characters are bytes to it.
 */
const PROGRAM = `
const fs = require('node:fs')
const lines = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'))
const log = (text) => JSON.stringify({ type: 'LOG', log: { level: 'INFO', message: 'one: ' + text } })
fs.writeSync(1, lines.map(log).join('\\n'), null, 'latin1')
fs.writeSync(2, lines.map((text) => 'one: ' + text + ' .').join('\\n'), null, 'latin1')
fs.writeFileSync('left-behind.txt', lines.map((text) => 'one: ' + text + ' .').join('\\n'), 'latin1')
`

/** What the program gives away, by the lines of each way. */
export const leakAll = async (
  leaks: ReadonlyArray<Leak>,
  file: (content: unknown) => string,
): Promise<{ readonly heard: Heard; readonly lines: Readonly<Record<Way, ReadonlyArray<string>>> }> => {
  const heard = await listenTo(process.execPath, ['-e', PROGRAM, file(leaks.map(({ text }) => text))])
  const linesOf = (way: Way): ReadonlyArray<string> => heard[way].split('\n').filter((line) => line.includes('one: '))
  return { heard, lines: { stdout: linesOf('stdout'), stderr: linesOf('stderr'), files: linesOf('files') } }
}
