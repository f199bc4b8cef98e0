import { stringify } from 'csv-stringify/sync'

/** A record that was rejected, as its owner is told of it: no identity, hashed or plain. */
export interface Reject {
  readonly code: string
  readonly message: string
  readonly stream: string
  readonly namespace: string | undefined
  /** The record's number in the run, from 1; undefined for a row that became none. */
  readonly record: number | undefined
  readonly file: string | undefined
  readonly row: number | undefined
  readonly column: string | undefined
  readonly transactionId: string | undefined
  readonly eventName: string | undefined
  readonly requestId: string | undefined
}

/** A form in which rejects are written down. */
export interface RejectForm {
  readonly extension: 'jsonl' | 'csv'
  /** What a file begins with. */
  readonly head: string
  /** One reject with its line end. */
  readonly line: (reject: Reject) => string
}

const NAMES = [
  'code',
  'message',
  'stream',
  'namespace',
  'record',
  'file',
  'row',
  'column',
  'transaction_id',
  'event_name',
  'request_id',
] as const

/** One JSON object a line, without what is not known. */
export const JSONL: RejectForm = {
  extension: 'jsonl',
  head: '',
  line: (reject) => `${JSON.stringify(rowOf(reject))}\n`,
}

/** With a header. What a spreadsheet would take for a formula has an apostrophe in front. */
export const CSV: RejectForm = {
  extension: 'csv',
  head: `${NAMES.join(',')}\n`,
  line: (reject) => {
    const row = rowOf(reject)
    return stringify([NAMES.map((name) => row[name])], { escape_formulas: true })
  },
}

/** The folder of a stream's rejects, as a key prefix: `{bucket_path}/{sync_id}/{namespace}/{stream}/`, without what is absent. */
export const folderOf = (
  bucketPath: string,
  syncId: number | undefined,
  namespace: string | undefined,
  stream: string,
): string => {
  const below = [syncId === undefined ? '' : String(syncId), namespace ?? '', stream].filter((part) => part !== '')
  return [trimmed(bucketPath), ...below.map(segmentOf)].filter((part) => part !== '').join('/') + '/'
}

/** A key right in the configured folder. */
export const keyIn = (bucketPath: string, name: string): string =>
  [trimmed(bucketPath), name].filter((part) => part !== '').join('/')

/** A run of rejects' files: when it began, in milliseconds since 1970, and six letters or digits that no other run has. */
export interface RejectRun {
  readonly startMs: number
  readonly tag: string
}

/** What tells a run's files from those of another that began in the same moment; `random` is uniform in [0, 1). */
export const tagOf = (random: number): string =>
  Math.floor(random * 36 ** 6)
    .toString(36)
    .padStart(6, '0')

/** The name of a run's file: no run writes over another's. */
export const fileName = ({ startMs, tag }: RejectRun, part: number, { extension }: RejectForm): string => {
  const date = new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '_')
  return `${date}_${startMs}_${part}_${tag}.${extension}`
}

const rowOf = (reject: Reject): Readonly<Record<(typeof NAMES)[number], string | number | undefined>> => ({
  code: reject.code,
  message: reject.message,
  stream: reject.stream,
  namespace: reject.namespace,
  record: reject.record,
  file: reject.file,
  row: reject.row,
  column: reject.column,
  transaction_id: reject.transactionId,
  event_name: reject.eventName,
  request_id: reject.requestId,
})

const trimmed = (folder: string): string => folder.replace(/^\/+|\/+$/g, '')

/** A name as one segment of a path, and no other name's: a slash, or a name of points, would lead elsewhere. */
const segmentOf = (name: string): string => {
  const one = name.replace(/[%/\p{Cc}]/gu, encodeURIComponent).replace(/\p{Cs}/gu, '\uFFFD')
  return one === '.' || one === '..' ? one.replaceAll('.', '%2E') : one
}
