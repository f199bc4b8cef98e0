import { type Json, at, objectAt, parseStrictly, textsOf } from '../json'
import { type Assertion, type Heard, type Said, messagesOf, repeated, streamOf, when } from '../said'
import { fitting } from './schema'

/** What `read` printed, and what it was asked to read. */
export interface Read extends Said {
  /** The streams of the catalog as they were discovered. */
  readonly streams: ReadonlyArray<Json>
  /** Rows that the files hold, by the files' keys. */
  readonly rows: Readonly<Record<string, number>>
  /** Records that they must make, by stream. */
  readonly expected: Readonly<Record<string, number>>
}

export const recordsOf = (said: Pick<Said, 'stdout'>, stream?: string): ReadonlyArray<Heard> =>
  messagesOf(said, 'RECORD').filter((record) => stream === undefined || streamOf(record) === stream)

export const dataOf = ({ json }: Pick<Heard, 'json'>): Json => objectAt(json, 'record.data')

export const nameOf = (stream: Json): string => String(stream['name'])

/** What tells a record from the others of its stream, as text. */
export const keyOf = (stream: Json, record: Heard): string => JSON.stringify(keyValuesOf(stream, record))

const keyValuesOf = (stream: Json, record: Heard): ReadonlyArray<unknown> => {
  const paths = stream['source_defined_primary_key']
  return Array.isArray(paths) ? paths.map((path) => at(dataOf(record), textsOf(path).join('.'))) : []
}

const cursorField = (stream: Json): string => textsOf(stream['default_cursor_field']).join('.')

/** A record's value of its stream's cursor. RFC 3339 of one form: it can be compared as text. */
export const cursorOf = (stream: Json, record: Heard): string => String(at(dataOf(record), cursorField(stream)))

/** A record but for the time of its emission. */
export const contentOf = ({ line }: Heard): string => line.replace(/,"emitted_at":\d+/, '')

/** A demand on the records of each stream. */
const everyStream =
  (rule: (stream: Json, records: ReadonlyArray<Heard>, said: Read) => ReadonlyArray<string>): Assertion<Read> =>
  (said) =>
    said.streams.flatMap((stream) =>
      rule(stream, recordsOf(said, nameOf(stream)), said).map((complaint) => `${nameOf(stream)}: ${complaint}`),
    )

export const everyStreamHasRecords = everyStream((_, records) => when(records.length === 0, 'there are no records'))

export const asManyAsExpected = everyStream((stream, { length }, { expected }) => {
  const wanted = expected[nameOf(stream)]
  return when(length !== wanted, `there are ${length} records, not ${String(wanted)}`)
})

export const streamsKnown: Assertion<Read> = (said) => {
  const known = said.streams.map(nameOf)
  return recordsOf(said).flatMap((record) => {
    const stream = String(streamOf(record))
    return when(!known.includes(stream), `line ${record.number} is of ${stream}, which is not in the catalog`)
  })
}

/** Of the types that were discovered, and an integer is written as one. */
export const fitTheirSchema = everyStream((stream, records) => {
  const complaintsOf = fitting(objectAt(stream, 'json_schema'))
  return records.flatMap(({ line, number }) =>
    complaintsOf(at(parseStrictly(line), 'record.data')).map((complaint) => `line ${number}: ${complaint}`),
  )
})

/** The platform takes away what is not declared. */
export const nothingUndeclared = everyStream((stream, records) => {
  const properties = objectAt(stream, 'json_schema.properties')
  return records.flatMap((record) =>
    Object.keys(dataOf(record))
      .filter((field) => !(field in properties))
      .map((field) => `line ${record.number}: ${field} is not declared`),
  )
})

/** The platform drops records without data, and a record that shares nothing with its schema says nothing. */
export const neverEmpty = everyStream((stream, records) => {
  const properties = objectAt(stream, 'json_schema.properties')
  return records.flatMap((record) =>
    when(!Object.keys(dataOf(record)).some((field) => field in properties), `line ${record.number} holds no field`),
  )
})

/** A field that is never filled may be a misspelt one. */
export const everyFieldSeen = (unfilled: ReadonlyArray<string>): Assertion<Read> =>
  everyStream((stream, records) => {
    const seen = new Set([...unfilled, ...records.flatMap((record) => Object.keys(dataOf(record)))])
    return Object.keys(objectAt(stream, 'json_schema.properties'))
      .filter((field) => !seen.has(field))
      .map((field) => `${field} is in no record`)
  })

export const absentStaysAbsent = everyStream((_, records) =>
  records.flatMap((record) =>
    Object.entries(dataOf(record))
      .filter(([, value]) => value === null || value === '')
      .map(([field]) => `line ${record.number}: ${field} is there and empty`),
  ),
)

export const keysScalar = everyStream((stream, records) =>
  records.flatMap((record) => {
    const values = keyValuesOf(stream, record)
    const good = values.length > 0 && values.every((value) => typeof value === 'string' || typeof value === 'number')
    return when(!good, `line ${record.number}: its key is no list of texts and numbers`)
  }),
)

export const keysUnique = everyStream((stream, records) =>
  repeated(
    'the key',
    records.map((record) => keyOf(stream, record)),
  ),
)

/** Every row of every file is one record, of the events or of the rejects. */
export const everyRowOnce: Assertion<Read> = (said) => {
  const keys = said.streams.flatMap((stream) => recordsOf(said, nameOf(stream)).map((record) => keyOf(stream, record)))
  const wanted = Object.entries(said.rows).flatMap(([file, rows]) =>
    Array.from({ length: rows }, (_, i) => JSON.stringify([file, i + 1])),
  )
  const found = new Set(keys)
  const known = new Set(wanted)
  return [
    ...repeated('the row', keys),
    ...wanted.filter((row) => !found.has(row)).map((row) => `the row ${row} is missing`),
    ...keys.filter((row) => !known.has(row)).map((row) => `the row ${row} is in no file`),
  ]
}

/** By the cursor, then by file, then by row. */
export const inOrder = everyStream((stream, records) => {
  const marks = records.map((record) => {
    const row = dataOf(record)['_ab_source_file_row']
    return [
      cursorOf(stream, record),
      String(dataOf(record)['_ab_source_file_url']),
      String(row).padStart(12, '0'),
    ].join()
  })
  return marks.flatMap((mark, i) => when(i > 0 && mark < (marks[i - 1] ?? ''), `record ${i + 1} stands too late`))
})

/** In milliseconds, within the run, and never going back. */
export const emittedInItsTime: Assertion<Read> = (said) => {
  let before = said.startedMs
  return recordsOf(said).flatMap(({ json, number }) => {
    const emitted = Number(at(json, 'record.emitted_at'))
    const good = emitted >= before && emitted <= said.endedMs
    before = Math.max(before, good ? emitted : 0)
    return when(!good, `line ${number} was emitted at ${emitted}`)
  })
}
