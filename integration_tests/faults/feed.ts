import { EVENTS, catalogOf } from '../support/catalogs'
import { type Ended, type Folder, type Options, type Running, pipe, start } from '../support/connector'
import { makeFile, stateAfter } from '../support/rows'
import { startS3 } from '../support/s3-stub'
import type { Dice } from './dice'
import { type Blend, type Order, ordersOf } from './orders'

/** Where the records of a sync come from: it feeds each run those that no echoed state covers. */
export interface Feed {
  readonly orders: ReadonlyArray<Order>
  /** Starts a run from the echoed states; the options are the writer's. */
  readonly start: (states: ReadonlyArray<string>, options: Options) => Fed
  /** The states of the whole sync as they are fed, so far as they are known before. */
  readonly states: ReadonlyArray<string> | undefined
  readonly close: () => void
}

export interface Fed {
  readonly writer: Running
  readonly reader: Running | undefined
  readonly ended: Promise<{ readonly write: Ended; readonly read: Ended | undefined }>
}

/** A source that the suite plays: records, a state after every so many and, of some, that the stream is complete. */
export const feedOfRecords = (folder: Folder, config: string, orders: ReadonlyArray<Order>, dice: Dice): Feed => {
  const every = dice.between(10, 60)
  const tellsStatus = dice.happens(0.5)
  const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
  const isMark = (n: number): boolean => n % every === 0 || n === orders.length
  const marks = orders.map((_, i) => i + 1).filter(isMark)
  const linesAfter = (covered: number): ReadonlyArray<string> => [
    ...(tellsStatus ? [status('STARTED')] : []),
    ...orders
      .slice(covered)
      .flatMap(({ line }, i) => (isMark(covered + i + 1) ? [line, stateAfter(covered + i + 1)] : [line])),
    ...(tellsStatus ? [status('COMPLETE')] : []),
  ]
  return {
    orders,
    states: marks.map(stateAfter),
    start: (states, options) => {
      const input = `${linesAfter(marks[states.length - 1] ?? 0).join('\n')}\n`
      const writer = start('destination-offline-events', ['write', '--config', config, '--catalog', catalog], {
        ...options,
        input,
      })
      return { writer, reader: undefined, ended: writer.ended.then((write) => ({ write, read: undefined })) }
    },
    close: () => undefined,
  }
}

const status = (name: string): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: 1,
      stream_status: { stream_descriptor: { name: EVENTS }, status: name },
    },
  })

/** `read` of a file in a bucket, from the echoed states on. */
export const feedOfBucket = async (
  folder: Folder,
  config: string,
  { records: rows }: Blend,
  seed: string,
  dice: Dice,
): Promise<Feed> => {
  const made = makeFile({ rows, seed })
  // The same in every listing, as of a file that nobody touches.
  const s3 = await startS3([{ key: 'data/orders.csv', content: made.csv, modified: new Date() }])
  const source = folder.file('source.json', s3.config({ checkpoint_rows: dice.between(10, 60) }))
  const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
  return {
    orders: made.good.map((id) => ({ marker: id, fate: 'stored', eventId: id, transactionId: undefined, line: '' })),
    states: undefined,
    start: (states, options) =>
      pipe(
        ['--config', source, '--catalog', catalog, '--state', folder.file('state.jsonl', states.join('\n'))],
        ['--config', config, '--catalog', catalog],
        options,
      ),
    close: s3.close,
  }
}

/** The feed that a sync needs. */
export const feedFor = async (
  from: 'records' | 'bucket',
  folder: Folder,
  config: string,
  blend: Blend,
  seed: string,
  dice: Dice,
): Promise<Feed> =>
  from === 'bucket'
    ? feedOfBucket(folder, config, blend, seed, dice)
    : feedOfRecords(folder, config, ordersOf(seed, blend, dice), dice)
