import type { Counts, ReadTotals, Summary, WriteTotals } from './messages'

/** One sync: what both sides say of it, and what the emulator has counted since it started. */
export interface Sync {
  readonly read: ReadTotals
  readonly written: WriteTotals
  readonly emulator: Summary
}

/** The object of the demo's last line. */
export interface Result {
  readonly rows: number
  readonly sent: number
  readonly rejected: Counts
  readonly second_run_requests: number
  readonly emulator_events: number
}

export const resultOf = (first: Sync, second: Sync): Result => ({
  rows: first.read.rows,
  sent: first.written.accepted,
  rejected: merged(first.read.rejected, first.written.rejected),
  second_run_requests: requestsBetween(first, second),
  emulator_events: second.emulator.events.stored,
})

/** Requests that reached the emulator in the second sync. */
export const requestsBetween = (first: Sync, second: Sync): number =>
  second.emulator.requests.total - first.emulator.requests.total

/** Holds the figures of the three against each other; a sentence for each disagreement. */
export const disagreements = (first: Sync, second: Sync): readonly string[] => {
  const { read, written, emulator } = first
  const { accepted, duplicates } = written
  const rejectedByWrite = sumOf(written.rejected)
  const settled = accepted + duplicates + rejectedByWrite + sumOf(read.rejected)
  const arrived = emulator.events.stored + emulator.events.duplicates
  return [
    differs(read.rows, 'rows', settled, 'sent, sent before or rejected'),
    differs(read.emitted, 'records emitted', accepted + duplicates + rejectedByWrite, 'records settled by write'),
    differs(accepted, 'events sent', arrived, 'events at the emulator'),
    differs(written.requests, 'requests sent', emulator.requests.total, 'requests at the emulator'),
    differs(second.read.rows, 'rows in the second run', 0, 'new rows in the bucket'),
    differs(second.written.requests, 'requests sent in the second run', 0, 'new rows to send'),
    differs(requestsBetween(first, second), 'requests at the emulator in the second run', 0, 'new rows to send'),
  ].filter((sentence) => sentence !== undefined)
}

export const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

const differs = (one: number, ofWhat: string, other: number, ofOther: string): string | undefined =>
  one === other ? undefined : `${one} ${ofWhat}, but ${other} ${ofOther}`

const merged = (one: Counts, other: Counts): Counts => {
  const counts = { ...one }
  for (const [code, count] of Object.entries(other)) counts[code] = (counts[code] ?? 0) + count
  return counts
}
