import { type Sync, requestsBetween, sumOf } from './figures'
import type { Counts } from './messages'

type Line = readonly [what: string, count: number | '', side: string]

/** Draws the figures of both syncs. */
export const tableOf = (first: Sync, second: Sync): string => {
  const { read, written, emulator } = first
  const { stored, duplicates } = emulator.events
  return draw([
    ['rows read', read.rows, 'source'],
    ['  good', read.emitted, 'source'],
    ['  sent', written.accepted, 'destination'],
    ...some('  repeats, not sent', written.duplicates, 'destination'),
    ['  rejected', sumOf(read.rejected) + sumOf(written.rejected), ''],
    ...byCode(read.rejected, 'source'),
    ...byCode(written.rejected, 'destination'),
    ...headed('kept with a warning', [...byCode(read.warnings, 'source'), ...byCode(written.warnings, 'destination')]),
    ['events at the API', stored, 'emulator'],
    ...some('  repeats of an event_id, counted once', duplicates, 'emulator'),
    ['second run, with the state of the first', '', ''],
    ['  rows read', second.read.rows, 'source'],
    ['  sent', second.written.accepted, 'destination'],
    ['  requests', requestsBetween(first, second), 'emulator'],
  ])
}

const byCode = (counts: Counts, side: string): readonly Line[] =>
  Object.entries(counts).map(([code, count]) => [`    ${code}`, count, side])

const headed = (what: string, lines: readonly Line[]): readonly Line[] =>
  lines.length === 0 ? [] : [[what, '', ''], ...lines]

/** A line that is there only if it has something to say. */
const some = (what: string, count: number, side: string): readonly Line[] => (count === 0 ? [] : [[what, count, side]])

const draw = (lines: readonly Line[]): string => {
  const width = (column: 0 | 1): number => Math.max(...lines.map((line) => String(line[column]).length))
  const [whats, counts] = [width(0), width(1)]
  return lines
    .map(([what, count, side]) => `${what.padEnd(whats)}  ${String(count).padStart(counts)}  ${side}`.trimEnd() + '\n')
    .join('')
}
