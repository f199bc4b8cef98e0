import { parse, streamKey } from '../../src/protocol/incoming'

const json = JSON.stringify

describe('parse: records', () => {
  test('a record is its stream and data', () => {
    expect(parse('{"type":"RECORD","record":{"stream":"s","data":{"a":1},"emitted_at":1}}')).toEqual({
      _tag: 'Record',
      stream: 's',
      data: { a: 1 },
    })
  })

  test.each([
    [
      'explicit nulls',
      { log: null, state: null, trace: null, type: 'RECORD', record: { namespace: null, meta: null } },
    ],
    ['keys in any order', { record: {}, type: 'RECORD' }],
    ['unknown keys', { type: 'RECORD', new_in_0_20: [1], record: { changes: {} } }],
  ])('%s do not matter', (_, message) => {
    const record = { data: {}, ...message.record, stream: 's' }
    expect(parse(json({ ...message, record }))).toEqual({ _tag: 'Record', stream: 's', data: {} })
  })

  test('a namespace is part of the identity of a stream', () => {
    const line = (namespace: unknown) => parse(json({ type: 'RECORD', record: { stream: 's', namespace, data: {} } }))
    expect(line('shop')).toMatchObject({ stream: streamKey('s', 'shop') })
    expect(line(null)).toMatchObject({ stream: 's' })
    expect(streamKey('s', 'shop')).not.toBe(streamKey('s', undefined))
    expect(streamKey('b', 'a')).not.toBe(streamKey('ab', ''))
  })

  test.each([
    ['no record', { type: 'RECORD' }],
    ['null', { type: 'RECORD', record: null }],
    ['no stream', { type: 'RECORD', record: { data: {} } }],
    ['a stream that is no text', { type: 'RECORD', record: { stream: 5, data: {} } }],
    ['no data', { type: 'RECORD', record: { stream: 's' } }],
    ['data that is null', { type: 'RECORD', record: { stream: 's', data: null } }],
    ['data that is a list', { type: 'RECORD', record: { stream: 's', data: [] } }],
    ['data that is text', { type: 'RECORD', record: { stream: 's', data: '{}' } }],
  ])('with %s it is malformed: to skip it would lose it', (_, message) => {
    expect(parse(json(message))._tag).toBe('Malformed')
  })
})

describe('parse: states', () => {
  const stream = { stream_descriptor: { name: 's' }, stream_state: { a: 1 } }

  test.each([
    ['STREAM', { type: 'STREAM', stream, id: 7 }, 's'],
    ['STREAM with explicit nulls', { type: 'STREAM', stream, global: null, data: null }, 's'],
    ['STREAM with a null state', { type: 'STREAM', stream: { ...stream, stream_state: null } }, 's'],
    [
      'STREAM with a namespace',
      { type: 'STREAM', stream: { stream_descriptor: { name: 's', namespace: 'n' } } },
      streamKey('s', 'n'),
    ],
    ['GLOBAL', { type: 'GLOBAL', global: { stream_states: [stream] } }, undefined],
    ['LEGACY', { type: 'LEGACY', data: {} }, undefined],
    ['LEGACY by absence', { data: { a: 1 } }, undefined],
    ['LEGACY by null', { type: null, data: {} }, undefined],
  ])('%s covers its stream, or all of them', (_, state, of) => {
    expect(parse(json({ type: 'STATE', state }))).toEqual({ _tag: 'State', stream: of })
  })

  test.each([
    ['no state', { type: 'STATE' }],
    ['null', { type: 'STATE', state: null }],
    ['a list', { type: 'STATE', state: [] }],
    ['STREAM without stream', { type: 'STATE', state: { type: 'STREAM' } }],
    ['STREAM with a null stream', { type: 'STATE', state: { type: 'STREAM', stream: null } }],
    ['STREAM without descriptor', { type: 'STATE', state: { type: 'STREAM', stream: { stream_state: {} } } }],
    [
      'STREAM without name',
      { type: 'STATE', state: { type: 'STREAM', stream: { stream_descriptor: { namespace: 'n' } } } },
    ],
  ])('with %s it is malformed', (_, message) => {
    expect(parse(json(message))._tag).toBe('Malformed')
  })
})

describe('parse: statuses and other traces', () => {
  const status = (stream_status: unknown) =>
    parse(json({ type: 'TRACE', trace: { type: 'STREAM_STATUS', stream_status } }))

  test.each(['STARTED', 'RUNNING', 'COMPLETE', 'INCOMPLETE'])('%s of a stream is told', (word) => {
    expect(status({ stream_descriptor: { name: 's', namespace: null }, status: word, reasons: null })).toEqual({
      _tag: 'Status',
      stream: 's',
      status: word,
    })
  })

  test.each([
    ['an error', { type: 'ERROR', error: { message: 'm' } }],
    ['an estimate', { type: 'ESTIMATE', estimate: {} }],
    ['analytics', { type: 'ANALYTICS', analytics: {} }],
    ['a status without stream', { type: 'STREAM_STATUS', stream_status: { status: 'COMPLETE' } }],
    ['nothing', null],
  ])('%s needs nothing', (_, trace) => {
    expect(parse(json({ type: 'TRACE', trace }))).toEqual({ _tag: 'Known' })
  })
})

describe('parse: what is neither', () => {
  test.each(['LOG', 'CONTROL', 'SPEC', 'CATALOG', 'CONNECTION_STATUS', 'DESTINATION_CATALOG'])(
    '%s is known and needs nothing',
    (type) => {
      expect(parse(json({ type }))).toEqual({ _tag: 'Known' })
    },
  )

  test.each(['', ' ', '\t', '\r'])('the blank line %j is no noise', (line) => {
    expect(parse(line)).toEqual({ _tag: 'Known' })
  })

  test.each([
    'Picked up JAVA_TOOL_OPTIONS: -Xmx1g',
    '[1,2]',
    '"{"',
    'null',
    '{}',
    '{"type":"RECORDS"}',
    '{"type":"record","record":{}}',
    '{"type":null}',
    '{"type":5}',
    '{"record":{"stream":"s","data":{}}}',
    '{"message":"a log line","level":"info"}',
  ])('%s is unknown', (line) => {
    expect(parse(line)).toEqual({ _tag: 'Unknown' })
  })

  const whole = '{"type":"RECORD","record":{"stream":"s","data":{"email":"jane@example.com"},"emitted_at":1}}'

  test.each(Array.from({ length: whole.length - 1 }, (_, i) => i + 1))(
    'a line cut off after %d bytes is malformed',
    (length) => {
      const cut = parse(whole.slice(0, length))
      expect(cut._tag).toBe('Malformed')
      expect(json(cut)).not.toContain('jane')
    },
  )

  test.each([`${whole}x`, `${whole}${whole}`, `{'type':'RECORD'}`, '{log}'])(
    'a line that starts as an object and is none is malformed: %s',
    (line) => {
      expect(parse(line)._tag).toBe('Malformed')
    },
  )

  test.each([` ${whole}`, `\uFEFF${whole}`, `${whole}\r`, `\t${whole} `])(
    'space around a message is none of it',
    (line) => {
      expect(parse(line)).toMatchObject({ _tag: 'Record', stream: 's' })
    },
  )

  test('a message is malformed behind a space too', () => {
    expect(parse(` ${whole.slice(0, 40)}`)._tag).toBe('Malformed')
  })
})

test.each([
  '{"type":"STATE","state":{}}',
  '{"type":"STATE","state":{"type":"GLOBAL"}}',
  '{"type":"STATE","state":{"type":"NOPE","data":{}}}',
  '{"type":"STATE","state":{"type":"LEGACY","data":null}}',
])('a STATE without the parts of its type is malformed, not acknowledged: %s', (line) => {
  expect(parse(line)._tag).toBe('Malformed')
})
