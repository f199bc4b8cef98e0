import { EVENTS, REJECTS, catalogOf } from './support/catalogs'
import { type Ended, newFolder, run } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, logsOf, stateLines, totalsOf } from './support/messages'
import { digestOf } from './support/rows'

/** What platforms really send to `write`: Airbyte's orchestrator, its Python client, and sources of all kinds through them. */
describe('write, as platforms call it', () => {
  const folder = newFolder()
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  const write = (lines: ReadonlyArray<unknown>, catalog: unknown, over = {}): Promise<Ended> => {
    const input = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
    const args = [
      ...['--config', folder.file('config.json', destinationConfig(platform, over))],
      ...['--catalog', folder.file('catalog.json', catalog)],
    ]
    return run('destination-offline-events', ['write', ...args], { input })
  }

  const time = (): number => Math.floor(Date.now() / 1000) - 600

  const dataOf = (id: string): Readonly<Record<string, unknown>> => ({
    event_name: 'Lead',
    event_time: time(),
    email: `${id}@example.com`,
    event_id: id,
  })

  const record = (id: string, stream: string = EVENTS, namespace?: string): unknown => ({
    type: 'RECORD',
    record: { stream, namespace, data: dataOf(id), emitted_at: 1 },
  })

  const state = (n: number, name: string = EVENTS, namespace?: string): unknown => ({
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name, namespace }, stream_state: { n } }, id: n },
  })

  const status = (word: string, name: string = EVENTS, namespace?: string): unknown => ({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: 1,
      stream_status: { stream_descriptor: { name, namespace }, status: word },
    },
  })

  /** `destinationStats` of the states, in their order. */
  const statsOf = (said: Ended): ReadonlyArray<unknown> =>
    stateLines(said).map(
      (line) => (JSON.parse(line) as { state: { destinationStats: unknown } }).state.destinationStats,
    )

  const idsSent = async (): Promise<ReadonlyArray<string>> => (await platform.events()).map(({ event_id }) => event_id)

  const expectClean = (said: Ended): void => {
    expect({ code: said.code, stderr: said.stderr, errors: errorsOf(said) }).toEqual({
      code: 0,
      stderr: '',
      errors: [],
    })
  }

  it('takes messages with explicit nulls, and with type at the end, as the Python client writes them', async () => {
    const nulls = { log: null, spec: null, catalog: null, trace: null, control: null, connectionStatus: null }
    const one = {
      ...nulls,
      state: null,
      record: {
        namespace: null,
        stream: EVENTS,
        data: { ...dataOf('null-1'), phone: null, value: null, contents: null },
        emitted_at: 1_700_000_000,
        meta: null,
        file_reference: null,
      },
      type: 'RECORD',
    }
    const held = `{"log":null,"record":null,"state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events","namespace":null},"stream_state":{"n":1000.0}},"global_":null,"data":null,"sourceStats":null,"destinationStats":null},"type":"STATE"}`
    const said = await write([one, held], catalogOf([EVENTS]))
    expectClean(said)
    expect(await idsSent()).toEqual(['null-1'])
    expect(said.lines).toContain(held.replace('"destinationStats":null', '"destinationStats":{"recordCount":1}'))
  })

  it('lets messages pass that are not for it, without a warning', async () => {
    const others = [
      { type: 'LOG', log: { level: 'INFO', message: 'm' } },
      { type: 'TRACE', trace: { type: 'ESTIMATE', emitted_at: 1, estimate: { name: EVENTS, type: 'STREAM' } } },
      { type: 'TRACE', trace: { type: 'ANALYTICS', emitted_at: 1, analytics: { type: 't' } } },
      { type: 'TRACE', trace: { type: 'ERROR', emitted_at: 1, error: { message: 'm' } } },
      { type: 'CONTROL', control: { type: 'CONNECTOR_CONFIG', emitted_at: 1, connectorConfig: { config: {} } } },
      { type: 'SPEC', spec: { connectionSpecification: {} } },
      { type: 'CATALOG', catalog: { streams: [] } },
    ]
    const said = await write([...others, record('a'), ...others, state(1), ...others], catalogOf([EVENTS]))
    expectClean(said)
    expect(logsOf(said, 'WARN')).toEqual([])
    expect(statsOf(said)).toEqual([{ recordCount: 1 }])
  })

  it.each([
    ['null', null],
    ['{}', {}],
  ])('echoes a stream_state of %s: a cleared stream, a source that keeps none', async (_, stream_state) => {
    const line = {
      type: 'STATE',
      state: { type: 'STREAM', stream: { stream_descriptor: { name: EVENTS }, stream_state } },
    }
    const said = await write([record('a'), line], catalogOf([EVENTS]))
    expectClean(said)
    const echoed = { ...line, state: { ...line.state, destinationStats: { recordCount: 1 } } }
    expect(stateLines(said)).toEqual([JSON.stringify(echoed)])
  })

  it('a GLOBAL state covers the records of all streams since the one before', async () => {
    const global = (n: number): unknown => ({
      type: 'STATE',
      state: {
        type: 'GLOBAL',
        global: {
          shared_state: { n },
          stream_states: [{ stream_descriptor: { name: EVENTS }, stream_state: {} }],
        },
        id: n,
      },
    })
    const said = await write(
      [record('a'), record('b', 'shop'), record('c', REJECTS), global(1), record('d', 'shop'), global(2)],
      catalogOf([EVENTS, 'shop', REJECTS]),
    )
    expectClean(said)
    expect(statsOf(said)).toEqual([{ recordCount: 3 }, { recordCount: 1 }])
    expect(await idsSent()).toEqual(['a', 'b', 'd'])
  })

  it('streams of several names, prefixes and namespaces are told apart, states and all', async () => {
    const catalog = {
      streams: [
        ...catalogOf(['eu_offline_events', 'eu_offline_events_rejected', 'crm']).streams,
        { ...catalogOf(['x']).streams[0], stream: { name: 'crm', namespace: 'shop', json_schema: {} } },
      ],
    }
    const said = await write(
      [
        record('a', 'eu_offline_events'),
        record('b', 'crm', 'shop'),
        record('c', 'crm'),
        record('d', 'eu_offline_events_rejected'),
        record('e', 'crm', 'elsewhere'),
        state(1, 'crm', 'shop'),
        record('f', 'crm', 'shop'),
        state(2, 'eu_offline_events'),
        state(3, 'crm'),
        state(4, 'crm', 'shop'),
        state(5, 'eu_offline_events_rejected'),
      ],
      catalog,
    )
    expectClean(said)
    expect(await idsSent()).toEqual(['a', 'b', 'c', 'f'])
    expect(statsOf(said)).toEqual([1, 1, 1, 1, 1].map((recordCount) => ({ recordCount })))
    expect(totalsOf(said)).toMatchObject({ records: 6, accepted: 4, ignored: 2, unsettled: 0 })
    expect(logsOf(said, 'WARN')).toEqual([expect.stringMatching(/^1 record of streams outside the catalog/)])
  })

  it('nothing at all on stdin is a run of nothing', async () => {
    const said = await write([], catalogOf([EVENTS]))
    expectClean(said)
    expect(said.lines).toHaveLength(1)
    expect(totalsOf(said)).toMatchObject({ records: 0, accepted: 0, requests: 0, unsettled: 0 })
  })

  it('states without a record are echoed, and nothing is sent', async () => {
    const said = await write([state(1), state(2, 'unknown')], catalogOf([EVENTS]))
    expectClean(said)
    expect(statsOf(said)).toEqual([{ recordCount: 0 }, { recordCount: 0 }])
    expect((await platform.summary()).requests.total).toBe(0)
  })

  const TWO = [EVENTS, 'shop']
  it.each<readonly [string, ReadonlyArray<unknown>, string | undefined]>([
    ['none at all', [record('a')], undefined],
    ['all at the end', [record('a'), status('COMPLETE'), status('COMPLETE', 'shop')], undefined],
    [
      'interleaved',
      [
        status('STARTED'),
        status('STARTED', 'shop'),
        record('a'),
        status('RUNNING'),
        status('COMPLETE'),
        record('b', 'shop'),
        status('COMPLETE', 'shop'),
      ],
      undefined,
    ],
    ['of streams outside the catalog only', [status('INCOMPLETE', 'orders'), record('a')], undefined],
    ['of the same name in another namespace only', [status('INCOMPLETE', EVENTS, 'eu'), record('a')], undefined],
    ['of one stream of two', [record('a'), status('COMPLETE')], 'shop'],
    ['incomplete of one', [record('a'), status('COMPLETE'), status('INCOMPLETE', 'shop')], 'shop'],
    ['begun and never ended', [status('STARTED'), status('STARTED', 'shop'), record('a')], EVENTS],
  ])('statuses, %s: what came is delivered, and the end says whether it was all', async (_, lines, lacking) => {
    const said = await write([...lines, state(1)], catalogOf(TWO))
    expect(said.code).toBe(lacking === undefined ? 0 : 1)
    expect(errorsOf(said)).toEqual(
      lacking === undefined ? [] : [expect.stringMatching(new RegExp(`^transient_error: .*\\b${lacking}\\b`))],
    )
    expect(await idsSent()).toContain('a')
    expect(stateLines(said)).toHaveLength(1)
    // The destination has no statuses of its own.
    expect(said.lines.filter((line) => line.includes('STREAM_STATUS'))).toEqual([])
  })

  it.each<readonly [string, Readonly<Record<string, unknown>>, number]>([
    ['absent', {}, 0],
    ['null', { generation_id: null, minimum_generation_id: null, sync_id: null }, 0],
    ['of an append', { generation_id: 7, minimum_generation_id: 0, sync_id: 3 }, 0],
    ['of a refresh that replaces', { generation_id: 7, minimum_generation_id: 7, sync_id: 3 }, 1],
    ['of the Python client', { generation_id: 1, minimum_generation_id: 1, destination_sync_mode: 'append_dedup' }, 1],
  ])('generation ids %s are taken, and told where they ask for what events can not do', async (_, over, warnings) => {
    const said = await write([record('a'), state(1)], catalogOf([EVENTS], over))
    expectClean(said)
    expect(logsOf(said, 'WARN')).toHaveLength(warnings)
    expect(statsOf(said)).toEqual([{ recordCount: 1 }])
  })

  describe('an object of the data activation', () => {
    const activated = catalogOf(['contacts'], { destination_object_name: 'offline_event' })
    const foreign = (data: Readonly<Record<string, unknown>>): unknown => ({
      type: 'RECORD',
      record: { stream: 'contacts', data, emitted_at: 1 },
    })

    it("has the destination's field names already", async () => {
      const said = await write(
        [
          foreign({ event_name: 'Lead', event_time: time(), Email_hashed: 'a@example.com', event_id: 'x' }),
          state(1, 'contacts'),
        ],
        activated,
      )
      expectClean(said)
      expect(await idsSent()).toEqual(['x'])
    })

    it('may be mapped all the same', async () => {
      const field_mapping = [
        { from: 'email_address', to: 'Email_hashed' },
        { from: 'What', to: 'event_name' },
        { from: 'id', to: 'event_id' },
        { from: 'id', to: 'transaction_id' },
      ]
      const said = await write(
        [foreign({ what: 'Lead', timestamp: time(), EMAIL_ADDRESS: 'A@example.com ', id: 17, event_id: 'not this' })],
        activated,
        { field_mapping },
      )
      expectClean(said)
      expect(await platform.events()).toMatchObject([
        { event: 'Lead', event_id: '17', user: { email: [digestOf('a@example.com')] }, properties: { order_id: '17' } },
      ])
    })

    it('of another name is refused, for it would be something else', async () => {
      const said = await write([foreign({})], catalogOf(['contacts'], { destination_object_name: 'audience_member' }))
      expect(said.code).toBe(1)
      expect(errorsOf(said)).toEqual([expect.stringMatching(/^config_error: .*streams\.0\.destination_object_name/)])
    })
  })

  describe('records of a stream that is not ours', () => {
    const sentFor = async (data: Readonly<Record<string, unknown>>): Promise<{ said: Ended; sent: unknown }> => {
      const said = await write(
        [{ type: 'RECORD', record: { stream: 'orders', data, emitted_at: 1 } }],
        catalogOf(['orders']),
      )
      expectClean(said)
      const [sent] = await platform.events()
      return { said, sent }
    }

    it('numbers, texts of numbers, arrays and nulls become one and the same event', async () => {
      const at = time()
      const expected = {
        event: 'Purchase',
        event_time: at,
        event_id: '9007199254740991',
        user: { email: [digestOf('a@example.com'), digestOf('b@example.com')], phone: [digestOf('+14155550100')] },
        properties: {
          value: 12.5,
          currency: 'EUR',
          order_id: '42',
          shop_id: '7',
          contents: [{ price: 3, quantity: 2, content_id: '99' }],
          content_ids: ['1', 'x'],
          num_items: 2,
        },
      }
      const asNumbers = {
        event_name: 'purchase',
        event_time: at,
        value: 12.5,
        currency: 'eur',
        transaction_id: 42,
        event_id: 9007199254740991,
        email: ['A@example.com', null, 'b@example.com'],
        phone: ['+1 415 555 0100'],
        shop_id: 7,
        contents: { content_id: 99, price: 3, quantity: 2 },
        content_ids: [1, 'x'],
        num_items: 2,
        description: null,
        search_string: '',
      }
      expect((await sentFor(asNumbers)).sent).toEqual(expected)
      await platform.reset()
      const asTexts = {
        EVENT: 'COMPLETEPAYMENT',
        timestamp: String(at),
        value: '12.50',
        currency: 'EUR',
        order_id: '42',
        event_id: '9007199254740991',
        Email_hashed: [digestOf('a@example.com'), 'b@example.com'],
        phone_number: '+14155550100',
        shop_id: '7',
        contents: '[{"content_id":99,"price":"3","quantity":2}]',
        content_ids: '1|x',
        num_items: '2',
      }
      expect((await sentFor(asTexts)).sent).toEqual(expected)
    })

    it('an object in a text field is dropped and counted, the event kept', async () => {
      const { said, sent } = await sentFor({
        ...dataOf('o'),
        description: { en: 'x' },
        shop_id: true,
        content_type: [1],
      })
      expect(sent).toEqual(expect.not.objectContaining({ properties: expect.anything() as unknown }))
      expect(totalsOf(said).warnings).toEqual({ TEXT_MALFORMED: 3 })
    })

    it.each<readonly [string, Readonly<Record<string, unknown>>]>([
      ['EVENT_NAME_MALFORMED', { event_name: 5 }],
      ['EVENT_TIME_MALFORMED', { event_time: { iso: '2026-01-01' } }],
      ['VALUE_MALFORMED', { value: '1,50' }],
      ['CURRENCY_MALFORMED', { currency: ['EUR'] }],
      ['TRANSACTION_ID_MALFORMED', { transaction_id: 1e21 }],
      ['EVENT_ID_MALFORMED', { event_id: { id: 1 } }],
      ['EMAIL_MALFORMED', { email: { address: 'a@example.com' } }],
      ['IDENTIFIER_MISSING', { email: [] }],
    ])('%s is the one fault of %j', async (code, over) => {
      const data = { ...dataOf('bad'), ...over }
      const said = await write(
        [{ type: 'RECORD', record: { stream: 'orders', data, emitted_at: 1 } }, state(1, 'orders')],
        catalogOf(['orders']),
      )
      expectClean(said)
      expect(totalsOf(said)).toMatchObject({ records: 1, accepted: 0, rejected: { [code]: 1 } })
      expect(statsOf(said)).toEqual([{ recordCount: 0, rejectedRecordCount: 1 }])
      expect(await idsSent()).toEqual([])
    })
  })
})
