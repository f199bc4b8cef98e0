import { EVENTS, REJECTS } from './support/catalogs'
import { newFolder } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, logsOf, stateLines, statsOf, totalsOf } from './support/messages'
import { recordStream, stateAfter } from './support/rows'
import { idsOf, write } from './support/writing'

const recordOf = (id: string, stream: string = EVENTS): string =>
  recordStream([id], 1).split('\n', 1)[0]?.replace(`"${EVENTS}"`, `"${stream}"`) ?? ''

const statusOf = (status: string, name: string = EVENTS): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at: 1, stream_status: { stream_descriptor: { name }, status } },
  })

/** What `write` makes of lines that are not what a source should send. */
describe('write', () => {
  const folder = newFolder()
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  const good = recordStream(idsOf('before', 30), 10)

  it.each([
    ['a RECORD that is cut off', recordOf('cut').slice(0, -20)],
    ['a RECORD that is cut off, newline and all', `${recordOf('cut').slice(0, -20)}\n${recordOf('after')}\n`],
    ['an object that is no JSON', `{type: RECORD}\n${recordOf('after')}\n`],
    ['a RECORD without data', '{"type":"RECORD","record":{"stream":"offline_events","emitted_at":1}}\n'],
    ['a RECORD without stream', '{"type":"RECORD","record":{"data":{},"emitted_at":1}}\n'],
    ['a STATE without state', '{"type":"STATE"}\n'],
  ])('delivers what came before %s, and ends with a system_error', async (_, line) => {
    const said = await write(folder, destinationConfig(platform), good + line)
    expect({ code: said.code, stderr: said.stderr }).toEqual({ code: 1, stderr: '' })
    expect(errorsOf(said)).toEqual([expect.stringMatching(/^system_error: Line 34 /)])
    const stored = (await platform.events()).map(({ event_id }) => event_id)
    expect(stored).toEqual(idsOf('before', 30))
    expect(stateLines(said)).toHaveLength(3)
    expect(totalsOf(said)).toMatchObject({ records: 30, accepted: 30, unsettled: 0 })
  })

  it('ignores other lines and messages of unknown type, counts them, and warns once', async () => {
    const noise = [
      'hello',
      '',
      '[1]',
      '{"type":"WEATHER"}',
      '{}',
      '17',
      '{"type":"LOG","log":{"level":"INFO","message":"m"}}',
    ]
    const said = await write(folder, destinationConfig(platform), `${noise.join('\n')}\n${good}`)
    expect({ code: said.code, errors: errorsOf(said) }).toEqual({ code: 0, errors: [] })
    expect(logsOf(said, 'WARN')).toEqual([expect.stringMatching(/^5 lines /)])
    expect(totalsOf(said).accepted).toBe(30)
  })

  it('takes a last line without newline, and lines that end in CRLF', async () => {
    const said = await write(folder, destinationConfig(platform), good.trimEnd().replaceAll('\n', '\r\n'))
    expect(said.code).toBe(0)
    expect(totalsOf(said)).toMatchObject({ records: 30, accepted: 30 })
    expect(stateLines(said)).toHaveLength(3)
  })

  it('echoes a state byte for byte but for destinationStats', async () => {
    const odd = `{"type":"STATE", "state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events"},"stream_state":{"n":1000.0,"big":12345678901234567890,"u":"\\u00e9 é"}},"destinationStats":null},"extra": [1 ,2]}`
    const said = await write(folder, destinationConfig(platform), `${recordOf('one')}\n${odd}\n${odd}\n`)
    const echo = (n: number): string =>
      odd.replace('"destinationStats":null', `"destinationStats":{"recordCount":${n}}`)
    expect(said.lines.filter((line) => line.includes('STATE'))).toEqual([echo(1), echo(0)])
  })

  it('never sends records of the rejects, and counts records of streams outside the catalog', async () => {
    const lines = [recordOf('mine'), recordOf('reject', REJECTS), recordOf('stranger', 'orders'), stateAfter(3)]
    const said = await write(folder, destinationConfig(platform), `${lines.join('\n')}\n`, [EVENTS, REJECTS])
    expect(said.code).toBe(0)
    expect((await platform.events()).map(({ event_id }) => event_id)).toEqual(['mine'])
    expect(totalsOf(said)).toMatchObject({ records: 3, accepted: 1, ignored: 2, unsettled: 0 })
    expect(logsOf(said, 'WARN')).toEqual([expect.stringMatching(/^1 records? of streams outside the catalog/)])
    expect(statsOf(said, EVENTS)).toMatchObject({ accepted: 1, rejected: 0 })
  })

  it.each([
    ['complete', [statusOf('STARTED'), good.trimEnd(), statusOf('COMPLETE')], 0],
    ['not complete', [statusOf('STARTED'), good.trimEnd(), statusOf('INCOMPLETE')], 1],
    ['broken off', [statusOf('STARTED'), good.trimEnd()], 1],
    ['of another stream only', [statusOf('STARTED', 'orders'), good.trimEnd()], 0],
    ['told by nobody', [good.trimEnd()], 0],
  ])('with a source that is %s delivers what came, and says so by its end', async (_, lines, code) => {
    const said = await write(folder, destinationConfig(platform), `${lines.join('\n')}\n`)
    expect(said.code).toBe(code)
    expect(errorsOf(said)).toEqual(code === 0 ? [] : [expect.stringMatching(/^transient_error: .*offline_events/)])
    expect(totalsOf(said)).toMatchObject({ accepted: 30, unsettled: 0 })
    expect(stateLines(said)).toHaveLength(3)
  })

  it('holds a state back until the records before it are accepted', async () => {
    await platform.reset({ faults: [{ kind: 'code', code: 40002, message: 'event_source_id: no', after: 1 }] })
    const said = await write(folder, destinationConfig(platform, { max_events_per_request: 10 }), good)
    expect(said.code).toBe(1)
    expect(stateLines(said).map((line) => /"after":(\d+)/.exec(line)?.[1])).toEqual(['10'])
    expect(totalsOf(said).accepted).toBeGreaterThanOrEqual(10)
  })
})
