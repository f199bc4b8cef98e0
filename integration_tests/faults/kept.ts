import { type Answer, refusal, reset, startS3, taken } from '../support/s3-stub'
import type { Problems } from './checks'
import type { Dice } from './dice'
import type { Order } from './orders'

/** A bucket for rejects whose writes meet trouble by chance, and what lies in it. */
export interface Kept {
  /** The destination's object_storage_config for it. */
  readonly storage: Readonly<Record<string, unknown>>
  readonly puts: () => number
  readonly faults: () => number
  /** A run begins, before which so many records are covered. */
  readonly begin: (covered: number) => void
  /** Of these records those that had to be kept, and are not. */
  readonly lost: (orders: ReadonlyArray<Order>) => number
  /** What is wrong with what lies there, of all records that were fed. */
  readonly problems: (orders: ReadonlyArray<Order>) => Problems
  readonly close: () => void
}

/** What a write may meet, `late` more often than the others. Beside that one an object lies there before the answer, or never. */
const TROUBLES: readonly [Trouble, ...Trouble[]] = [
  'late',
  'late',
  'unavailable',
  'reset',
  'cut',
  'taken, reset',
  'taken, cut',
]
type Trouble = 'late' | keyof typeof ANSWERS

/** The beginning of an answer, and no more. */
const cut: Answer = (_, { socket }) => void socket?.end('HTTP/1.1 200 OK\r\nETag: ')

const ANSWERS = {
  unavailable: refusal(503, 'SlowDown'),
  reset,
  cut,
  'taken, reset': reset,
  'taken, cut': cut,
}

/** A bucket on an S3 of this process, so that nothing of it ends with a run. */
export const startKept = async (dice: Dice): Promise<Kept> => {
  const objects = new Map<string, string>()
  const rewritten: Array<string> = []
  const runs: Array<{ readonly startMs: number; readonly covered: number }> = []
  const share = dice.between(20, 60) / 100
  let puts = 0
  let faults = 0

  const store = (key: string, body: string): void => {
    const before = objects.get(key)
    if (before !== undefined && before !== body) rewritten.push(`${key} was put twice, and not alike`)
    objects.set(key, body)
  }

  const put: Answer = (asked, response) => {
    puts++
    const trouble = dice.happens(share) ? dice.oneOf(TROUBLES) : undefined
    if (trouble !== undefined) faults++
    if (trouble === undefined || trouble.startsWith('taken')) store(asked.key, asked.body)
    if (trouble !== 'late') (trouble === undefined ? taken : ANSWERS[trouble])(asked, response)
    else
      setTimeout(
        () => {
          // Nobody waits any more: whoever has acknowledged it before the answer has lost it.
          if (response.socket?.destroyed !== false) return
          store(asked.key, asked.body)
          taken(asked, response)
        },
        dice.between(10, 150),
      )
  }

  const s3 = await startS3([], { put })

  /** The rows of all objects, each with the place of its record among those of the sync. */
  const rows = (): ReadonlyArray<Row> =>
    [...objects].flatMap(([key, text]) => {
      const startMs = Number(/_(\d{13})_\d+_\w{6}\.jsonl$/.exec(key)?.[1])
      const run = runs.findLastIndex((one) => one.startMs <= startMs)
      const covered = runs[run]?.covered ?? NaN
      return text
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const row = JSON.parse(line) as Told
          return { ...row, run, place: covered + row.record - 1 }
        })
    })

  return {
    storage: s3.storage({ format: { format_type: 'JSONL' } }),
    puts: () => puts,
    faults: () => faults,
    begin: (covered) => void runs.push({ startMs: Date.now(), covered }),
    lost: (orders) => {
      const places = new Set(rows().map(({ place }) => place))
      return orders.filter(({ fate }, place) => fate !== 'stored' && !places.has(place)).length
    },
    problems: (orders) => {
      const all = rows()
      const strange = all.filter((row) => !isReject(row, orders[row.place]))
      // A run that is repeated may keep a reject again, in an object of its own.
      const again = all.length - new Set(all.map(({ run, place }) => `${run} ${place}`)).size
      return [
        ...rewritten,
        ...(strange.length === 0 ? [] : [`kept as rejects, and are none: ${JSON.stringify(strange)}`]),
        ...(again === 0 ? [] : [`${again} rejects were kept more than once by one run`]),
      ]
    },
    close: s3.close,
  }
}

/** A row as the destination wrote it, as far as it is looked at. */
interface Told {
  readonly code: string
  readonly record: number
  readonly transaction_id?: string
}

interface Row extends Told {
  readonly run: number
  readonly place: number
}

const isReject = ({ code, transaction_id: id }: Row, order: Order | undefined): boolean =>
  order !== undefined &&
  order.fate === (code === 'REFUSED_BY_PLATFORM' ? 'refused' : 'malformed') &&
  order.transactionId === id
