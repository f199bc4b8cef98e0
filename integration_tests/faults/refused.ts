import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EVENTS, catalogOf } from '../support/catalogs'
import { newFolder, start } from '../support/connector'
import { destinationConfig, startPlatform } from '../support/emulator'
import { errorsOf, statsOf, totalsOf } from '../support/messages'
import { digestOf, stateAfter } from '../support/rows'

/** One record in so many is refused by the platform, which says so of the whole request and does not name it. */
const ONE_IN = 100
const SEED = 'scattered'
const BATCH = 1000
const STATE_EVERY = 10_000

/** The emulator's documented rule: the first 4 bytes of SHA-256(seed + event_id), big-endian, are a multiple of `one_in`. */
const isRefused = (id: string): boolean =>
  createHash('sha256').update(`${SEED}${id}`).digest().readUInt32BE(0) % ONE_IN === 0

const idOf = (n: number): string => `order-${n}`

/** The records' lines, made as they are asked for: a million of them need not lie in memory. */
function* linesOf(records: number): Generator<string> {
  const time = Math.floor(Date.now() / 1000) - 86_400
  let piece = ''
  for (let n = 1; n <= records; n++) {
    const id = idOf(n)
    const data = { event_name: 'Lead', event_time: time, event_id: id, Email_hashed: digestOf(id) }
    piece += `${JSON.stringify({ type: 'RECORD', record: { stream: EVENTS, data, emitted_at: 1 } })}\n`
    if (n % STATE_EVERY === 0 || n === records) piece += `${stateAfter(n)}\n`
    if (n % BATCH !== 0 && n !== records) continue
    yield piece
    piece = ''
  }
}

/** How many records are refused, and the most requests that may cost: 1 + 2·k·ceil(log2 n) for k refused ones of n in a batch. */
const expectedOf = (records: number): { readonly refused: number; readonly most: number } => {
  let refused = 0
  let most = 0
  for (let from = 1; from <= records; from += BATCH) {
    const events = Math.min(BATCH, records - from + 1)
    let bad = 0
    for (let n = from; n < from + events; n++) if (isRefused(idOf(n))) bad++
    refused += bad
    most += 1 + 2 * bad * Math.ceil(Math.log2(events))
  }
  return { refused, most }
}

/** One sync of so many records, 1 % of them refused and scattered; what became of it in a line, and whether all of it is right. */
export const refusedRun = async (records: number): Promise<{ readonly told: string; readonly isSound: boolean }> => {
  const expected = expectedOf(records)
  const folder = newFolder()
  const platform = await startPlatform()
  try {
    await platform.reset({ keep: 'digests', refuse: { one_in: ONE_IN, seed: SEED } })
    const config = folder.file('destination.json', destinationConfig(platform, { max_events_per_request: BATCH }))
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const startMs = performance.now()
    const { child, ended } = start('destination-offline-events', ['write', '--config', config, '--catalog', catalog])
    // That the input was not taken is told by how the run ended.
    await pipeline(Readable.from(linesOf(records)), child.stdin).catch(() => undefined)
    const said = await ended
    const seconds = (performance.now() - startMs) / 1000
    const { requests, events } = await platform.summary()
    const rejected = totalsOf(said).rejected['REFUSED_BY_PLATFORM'] ?? 0
    const stats = statsOf(said, EVENTS)
    const least = Math.ceil(records / BATCH)
    const told = [
      `refused  ${records} records: ${expected.refused} to be refused, ${rejected} rejected, ${events.stored} stored`,
      `${requests.total} requests, ${(requests.total / least).toFixed(1)} times the least of ${least}; the bound is ${expected.most}`,
      `${seconds.toFixed(1)} s ${errorsOf(said).join('; ')}`.trimEnd(),
    ]
    // What is refused is never stored: with these counts no other record can have been rejected.
    const isSound =
      said.code === 0 &&
      rejected === expected.refused &&
      events.stored === records - expected.refused &&
      events.differing_repeats === 0 &&
      stats.accepted === records - expected.refused &&
      stats.rejected === expected.refused &&
      requests.total <= expected.most
    return { told: told.join('; '), isSound }
  } finally {
    await platform.close()
    folder.remove()
  }
}
