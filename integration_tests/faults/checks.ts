import type { Ended } from '../support/connector'
import type { StoredEvent } from '../support/emulator'
import { type State, allTotalsOf, errorsOf, statesOf, total } from '../support/messages'
import type { Feed } from './feed'
import type { Order } from './orders'
import { type Ran, isCompleted } from './run'
import type { Disturbed } from './trouble'

/** What is wrong with something, in words; nothing where all is well. */
export type Problems = ReadonlyArray<string>

/** Whether a run ended as it had to: completed, or by the signal that struck it, or with the failure that was to come. */
export const problemsOfEnd = ({ write, read, late, ms }: Ran, disturbed: Disturbed | undefined): Problems => {
  if (late) return [`a run was not over after ${Math.round(ms / 1000)} s`]
  const errors = errorsOf(write)
  const said = `the run ended by ${String(write.signal ?? write.code)}: ${errors.join('; ')}`
  return [
    ...[write, read].flatMap((ended) =>
      ended === undefined || ended.stderr === '' ? [] : [`stderr: ${ended.stderr}`],
    ),
    ...(isExpected(write, errors, disturbed) ? [] : [said]),
  ]
}

const isExpected = ({ code, signal }: Ended, errors: Problems, disturbed: Disturbed | undefined): boolean => {
  const completed = code === 0 && errors.length === 0
  if (disturbed === undefined) return completed
  const [first, ...others] = errors
  const failed = (type: string): boolean => code === 1 && others.length === 0 && first?.startsWith(`${type}: `) === true
  if ('failure' in disturbed) return failed(disturbed.failure) && disturbed.saying?.test(first ?? '') !== false
  // Its reader gone, the writer knows that the input is not whole.
  if (disturbed.target !== 'writer' && failed('transient_error')) return true
  return completed || (signal === disturbed.signal && errors.length === 0)
}

/** Whether the totals of a run that was not killed add up. `fed`: the records of its input. */
export const problemsOfTotals = (ran: Ran, fed: ReadonlyArray<Order>): Problems => {
  const { write } = ran
  if (write.signal === 'SIGKILL') return []
  const [totals, ...others] = allTotalsOf(write)
  // Stopped before it had begun, a run has nothing to tell; one that has echoed a state has.
  if (totals === undefined) return write.code === 0 || statesOf(write).length > 0 ? ['the run told no totals'] : []
  const { records, accepted, duplicates, ignored, unsettled } = totals
  const rejected = total(totals.rejected)
  const settled = accepted + duplicates + ignored + rejected
  const expected = fed.filter(({ fate }) => fate !== 'stored').length
  return [
    ...(others.length === 0 ? [] : ['the run told its totals more than once']),
    ...(records === settled + unsettled && unsettled >= 0 ? [] : [`totals disagree: ${JSON.stringify(totals)}`]),
    ...(write.code !== 0 || unsettled === 0 ? [] : [`${unsettled} records unsettled by a run that completed`]),
    ...(!isCompleted(ran) || records === fed.length ? [] : [`${records} records counted, ${fed.length} fed`]),
    ...(!isCompleted(ran) || rejected === expected ? [] : [`${rejected} records rejected, not ${expected}`]),
  ]
}

/** How many records states say that they cover, the rejected ones among them. */
export const coveredBy = (states: ReadonlyArray<State>): { readonly records: number; readonly rejected: number } => {
  const sum = (of: (state: State) => number | undefined): number => states.reduce((all, one) => all + (of(one) ?? 0), 0)
  const rejected = sum(({ destinationStats }) => destinationStats?.rejectedRecordCount)
  return { records: sum(({ destinationStats }) => destinationStats?.recordCount) + rejected, rejected }
}

/** Whether the echoed states are the first ones fed, in their order and byte for byte but for the stats. */
export const problemsOfStates = (echoed: ReadonlyArray<string>, fed: ReadonlyArray<string> | undefined): Problems =>
  fed === undefined || echoed.every((line, i) => line.replace(STATS, '') === fed[i])
    ? []
    : ['the echoed states are not those that were fed, in their order']

const STATS = /,"destinationStats":\{[^}]*\}/

/** Whether the states tell the truth of the records they cover. */
export const problemsOfStats = (echoed: ReadonlyArray<State>, orders: ReadonlyArray<Order>): Problems => {
  const { records, rejected } = coveredBy(echoed)
  const bad = orders.slice(0, records).filter(({ fate }) => fate !== 'stored').length
  return [
    ...echoed.flatMap(({ stream: { stream_state: state } }, i) => {
      const covered = coveredBy(echoed.slice(0, i + 1)).records
      const { after } = state
      return after === undefined || after === covered
        ? []
        : [`a state after ${JSON.stringify(after)} records says ${covered}`]
    }),
    ...(rejected === bad ? [] : [`the states say that ${rejected} records were rejected, not ${bad}`]),
  ]
}

/**
 * Whether a run that failed by itself has let go of all that was settled before. Of the next state to come, the records and one more
 * must have arrived: only then it is known that the state was read. Only where nothing arrives without an answer to it.
 */
export const problemsOfRelease = (
  echoed: number,
  { orders, states }: Pick<Feed, 'orders' | 'states'>,
  stored: ReadonlyArray<StoredEvent>,
): Problems => {
  const after = Number(/"after":(\d+)/.exec(states?.[echoed] ?? '')?.[1] ?? orders.length)
  return after < orders.length && arrivedOf(orders.slice(0, after + 1), orders, stored).lost === 0
    ? [`the state after ${after} records is held back, and all of them are settled`]
    : []
}

/** Of the records that states cover, those that had to be rejected and that they don't count as such: nobody knows of them any more. */
export const hushedOf = (echoed: ReadonlyArray<State>, orders: ReadonlyArray<Order>): number => {
  const { records, rejected } = coveredBy(echoed)
  return Math.max(0, orders.slice(0, records).filter(({ fate }) => fate !== 'stored').length - rejected)
}

/** What the platform has of the records. */
export interface Arrived {
  /** Records that had to arrive and did not. */
  readonly lost: number
  /** Events beyond one a record. */
  readonly doubled: number
  /** Records that the platform has though it, or the destination, says that it has refused them. */
  readonly stray: number
}

/** Looks for each record at the platform; `covered`: those that are acknowledged. */
export const arrivedOf = (
  covered: ReadonlyArray<Order>,
  orders: ReadonlyArray<Order>,
  stored: ReadonlyArray<StoredEvent>,
): Arrived => {
  const found = new Map<string, number>()
  for (const { event_id: id, properties } of stored) {
    const marker = properties?.['description']
    const key = typeof marker === 'string' ? marker : id
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  return {
    lost: covered.filter(({ fate, marker }) => fate === 'stored' && !found.has(marker)).length,
    doubled: stored.length - found.size,
    stray: orders.filter(({ fate, marker }) => fate !== 'stored' && found.has(marker)).length,
  }
}
