import { createHash } from 'node:crypto'
import { EVENTS } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, logsOf, stateLines, statsOf, totalsOf } from './support/messages'
import { recordStream } from './support/rows'
import { idsOf, write } from './support/writing'

const ONE_IN = 2000

/** The emulator's documented rule: the first 4 bytes of SHA-256(seed + event_id), big-endian, are a multiple of `one_in`. */
const isRefused = (id: string): boolean => createHash('sha256').update(id).digest().readUInt32BE(0) % ONE_IN === 0

/** A platform that refuses a whole request for one event in it, and does not say which. */
describe('100,000 records, one in 2,000 of which the platform refuses without naming it', () => {
  const folder = newFolder()
  const ids = idsOf('order', 100_000)
  const refused = ids.filter(isRefused)
  let platform: Platform
  let written: Ended

  beforeAll(async () => {
    platform = await startPlatform()
    await platform.reset({ refuse: { one_in: ONE_IN }, latency_ms: 1 })
    written = await write(folder, destinationConfig(platform), recordStream(ids, 10_000))
  }, 60_000)
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  it('rejects exactly those events', () => {
    expect(refused).toHaveLength(52)
    expect({ code: written.code, stderr: written.stderr, errors: errorsOf(written) }).toEqual({
      code: 0,
      stderr: '',
      errors: [],
    })
    expect(totalsOf(written)).toMatchObject({
      records: ids.length,
      accepted: ids.length - refused.length,
      rejected: { REFUSED_BY_PLATFORM: refused.length },
      unsettled: 0,
    })
  })

  it('stores all others, each once', async () => {
    const stored = (await platform.events()).map(({ event_id }) => event_id)
    expect(stored).toHaveLength(ids.length - refused.length)
    expect(new Set(stored)).toEqual(new Set(ids.filter((id) => !isRefused(id))))
    expect((await platform.summary()).events).toMatchObject({ duplicates: 0, differing_repeats: 0 })
  })

  it('singles them out with at most 1,200 requests', async () => {
    const { requests } = await platform.summary()
    expect(requests.total).toBeLessThanOrEqual(1200)
    expect(requests.total).toBeLessThanOrEqual(100 + 2 * refused.length * Math.ceil(Math.log2(1000)))
    expect(totalsOf(written).requests).toBe(requests.total)
  })

  it('says where the first of them are and what the platform said, and echoes every state', () => {
    const warnings = logsOf(written, 'WARN')
    const told = warnings.find((message) => message.includes('REFUSED_BY_PLATFORM')) ?? ''
    expect(told).toMatch(new RegExp(`^${refused.length} records rejected REFUSED_BY_PLATFORM `))
    // The batches run side by side: which twenty are told first is not fixed, that each told one is right is.
    const places = [...told.matchAll(/offline_events record (\d+)/g)].map(([, record]) => ids[Number(record) - 1] ?? '')
    expect(places).toHaveLength(20)
    expect(places.filter((id) => !isRefused(id))).toEqual([])
    expect(warnings.join('\n')).toContain('Parameter error')
    expect(stateLines(written)).toHaveLength(10)
    expect(statsOf(written, EVENTS)).toMatchObject({
      accepted: ids.length - refused.length,
      rejected: refused.length,
    })
  })
})
