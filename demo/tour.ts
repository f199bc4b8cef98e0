import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as t from 'io-ts'
import type { Emulator } from '../emulator/server'
import type { Bucket } from './bucket'
import * as Connection from './connection'
import { type Sync, disagreements, resultOf } from './figures'
import {
  ReadTotals,
  Summary,
  WriteTotals,
  decode,
  stateLinesIn,
  statusIn,
  streamsIn,
  totalsIn,
  warningsIn,
} from './messages'
import { type Call, type Stage, commandOf, runPipe, runVerb } from './run'
import { shiftTimes } from './sample'
import { tableOf } from './table'

/** Where the tour goes: the two servers, the sample, and where the calls are run. */
export interface Places {
  readonly bucket: Bucket
  readonly emulator: Emulator
  readonly sample: string
  readonly stage: Stage
}

/** The whole demo, step by step: fill the bucket, check, discover, sync, sync again, and hold the figures together. */
export const tour = async (places: Places): Promise<void> => {
  await fillBucket(places)
  await Connection.writeConfigs(places.stage.folder, places.bucket.endpoint, places.emulator.url)
  await check(places.stage)
  await discover(places.stage)
  const first = await sync(places, Connection.read)
  await showEvent(places.emulator)
  const second = await sync(places, Connection.readOn)
  say(`\n${tableOf(first, second)}\n`)
  say(`demo ${JSON.stringify(resultOf(first, second))}\n`)
  const problems = disagreements(first, second)
  if (problems.length > 0) throw new Error(`the figures disagree: ${problems.join('; ')}`)
}

const DAY = 86_400

const say = (text: string): void => void process.stdout.write(text)

const fillBucket = async ({ bucket, emulator, sample }: Places): Promise<void> => {
  // One character a byte: whatever the encoding, what is not a time stays as it is.
  const { csv, moved, seconds } = shiftTimes(await readFile(sample, 'latin1'), Date.now())
  await bucket.put(Connection.objectKey, Buffer.from(csv, 'latin1'))
  say(`An embedded S3 at ${bucket.endpoint}, and a stand-in for TikTok's Events API at ${emulator.url}.\n`)
  say(`s3://${Connection.bucketName}/${Connection.objectKey} is ${sample},\n`)
  say(`  its ${moved} times moved by ${(seconds / DAY).toFixed(1)} days, so that the newest is an hour old.\n`)
}

const check = async (stage: Stage): Promise<void> => {
  announce(Connection.check)
  const { status, message } = statusIn(await runVerb(stage, Connection.check))
  const answer = message === undefined ? status : `${status}: ${message}`
  if (status !== 'SUCCEEDED') throw new Error(`check ${answer}`)
  say(`  ${answer}\n`)
}

const discover = async (stage: Stage): Promise<void> => {
  announce(Connection.discover)
  const streams = streamsIn(await runVerb(stage, Connection.discover))
  await Connection.writeCatalog(stage.folder, streams)
  for (const { name, json_schema } of streams)
    say(`  stream ${name}, ${Object.keys(json_schema.properties).length} fields\n`)
}

/** One sync, from the call of `read` on; the states that come out are kept for the next, as a platform keeps them. */
const sync = async ({ stage, emulator }: Places, readCall: Call): Promise<Sync> => {
  announce(readCall, Connection.write)
  const lines = await runPipe(stage, readCall, Connection.write)
  const read = totalsIn(ReadTotals, lines.read)
  const written = totalsIn(WriteTotals, lines.written)
  const states = stateLinesIn(lines.written)
  await writeFile(join(stage.folder, Connection.stateFile), states.map((line) => `${line}\n`).join(''))
  say(`  read: ${counted(read.files, 'file')}, ${counted(read.rows, 'row')}, ${read.emitted} of them good\n`)
  sayFirst(warningsIn(lines.read))
  say(`  write: ${counted(written.accepted, 'event')} sent in ${counted(written.requests, 'request')}\n`)
  sayFirst(warningsIn(lines.written))
  say(`  ${counted(states.length, 'state')} came back, kept in ${Connection.stateFile}\n`)
  return { read, written, emulator: await summaryOf(emulator) }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** The connectors' logs name every rejected row; one line shows how. */
const sayFirst = ([first, ...others]: readonly string[]): void => {
  if (first !== undefined) say(`    WARN ${first}\n`)
  if (others.length > 0) say(`    ... and ${counted(others.length, 'more warning')}\n`)
}

const announce = (...calls: readonly Call[]): void => say(`\n$ ${calls.map(commandOf).join(' \\\n    | ')}\n`)

const summaryOf = async ({ url }: Emulator): Promise<Summary> =>
  decode(Summary, "the emulator's summary", await (await fetch(`${url}/__admin/summary`)).json())

const StoredEvent = t.type({ event: t.UnknownRecord })

const showEvent = async ({ url }: Emulator): Promise<void> => {
  const line = await (await fetch(`${url}/__admin/events?limit=1`)).text()
  if (line === '') return
  const { event } = decode(StoredEvent, 'an event of the emulator', JSON.parse(line))
  say(`\nThe first event, as it reached the API:\n  ${JSON.stringify(event)}\n`)
}
