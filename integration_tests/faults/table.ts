import type { Outcome } from './sync'

/** The syncs of a class, or of all of them, in one. */
export interface Row {
  readonly name: string
  readonly runs: number
  readonly faults: number
  readonly records: number
  readonly lost: number
  readonly doubled: number
  /** Most requests of a sync for one that it needed. */
  readonly amplification: number
  readonly slowestMs: number
}

export const rowOf = (name: string, outcomes: ReadonlyArray<Outcome>): Row => {
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0)
  return {
    name,
    runs: outcomes.length,
    faults: sum(({ faults }) => faults),
    records: sum(({ records }) => records),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    amplification: Math.max(...outcomes.map(({ requests, least }) => requests / least)),
    slowestMs: Math.max(...outcomes.map(({ slowestMs }) => slowestMs)),
  }
}

const COLUMNS = ['runs', 'faults', 'records', 'lost', 'doubled', 'worst amplification', 'slowest run']
const NAME_CHARS = 16

const lineOf = (name: string, cells: ReadonlyArray<string>): string => {
  const aligned = cells.map((cell, i) => cell.padStart(Math.max(9, COLUMNS[i]?.length ?? 0)))
  return [name.padEnd(NAME_CHARS), ...aligned].join('  ')
}

export const HEAD = lineOf('class', COLUMNS)

/** A row as a line under the head. */
export const lineOfRow = ({ name, runs, faults, records, lost, doubled, amplification, slowestMs }: Row): string =>
  lineOf(name, [
    ...[runs, faults, records, lost, doubled].map(String),
    amplification.toFixed(2),
    `${(slowestMs / 1000).toFixed(1)} s`,
  ])
