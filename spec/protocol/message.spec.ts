import * as message from '../../src/protocol/message'

const parsed = (line: string): unknown => JSON.parse(line)

const LINES: ReadonlyArray<readonly [type: string, line: string, holds: unknown]> = [
  ['LOG', message.log('WARN', 'two\nlines "quoted"'), { log: { level: 'WARN', message: 'two\nlines "quoted"' } }],
  [
    'SPEC',
    message.spec({
      documentationUrl: 'https://example.com',
      protocol_version: '0.18.0',
      supportsIncremental: true,
      connectionSpecification: { type: 'object' },
    }),
    { spec: { protocol_version: '0.18.0', connectionSpecification: { type: 'object' } } },
  ],
  [
    'CONNECTION_STATUS',
    message.connectionStatus('FAILED', 'why'),
    { connectionStatus: { status: 'FAILED', message: 'why' } },
  ],
  ['CONNECTION_STATUS', message.connectionStatus('SUCCEEDED'), { connectionStatus: { status: 'SUCCEEDED' } }],
  ['CATALOG', message.catalog([]), { catalog: { streams: [] } }],
  ['DESTINATION_CATALOG', message.destinationCatalog([]), { destination_catalog: { operations: [] } }],
  [
    'RECORD',
    message.recordOf('s "1"')('{"a":1000.0}', 5),
    { record: { stream: 's "1"', data: { a: 1000 }, emitted_at: 5 } },
  ],
  [
    'STATE',
    message.streamState('s', { version: 1 }, 3),
    {
      state: {
        type: 'STREAM',
        stream: { stream_descriptor: { name: 's' }, stream_state: { version: 1 } },
        sourceStats: { recordCount: 3 },
      },
    },
  ],
  [
    'TRACE',
    message.streamStatus({ name: 's', namespace: 'n' }, 'COMPLETE', 5),
    {
      trace: {
        type: 'STREAM_STATUS',
        emitted_at: 5,
        stream_status: { stream_descriptor: { name: 's', namespace: 'n' }, status: 'COMPLETE' },
      },
    },
  ],
  [
    'TRACE',
    message.traceEstimate('s', 0, 149, 5),
    {
      trace: {
        type: 'ESTIMATE',
        emitted_at: 5,
        estimate: { name: 's', type: 'STREAM', row_estimate: 0, byte_estimate: 149 },
      },
    },
  ],
  [
    'TRACE',
    message.traceError('config_error', 'why', 5, 'inside'),
    {
      trace: {
        type: 'ERROR',
        emitted_at: 5,
        error: { message: 'why', internal_message: 'inside', failure_type: 'config_error' },
      },
    },
  ],
]

describe.each(LINES)('a line of %s', (type, line, holds) => {
  test('is one line of compact JSON without its newline', () => {
    expect(line).not.toMatch(/[\r\n]/)
    if (type !== 'RECORD') expect(line).toBe(JSON.stringify(parsed(line)))
  })

  test('has its type first, and what it is about', () => {
    expect(line.startsWith(`{"type":"${type}",`)).toBe(true)
    expect(parsed(line)).toMatchObject({ type, ...(holds as object) })
  })

  test('has no key of null', () => {
    expect(line).not.toContain('null')
  })
})

describe('recordOf', () => {
  test('stream stands before data, and the data is passed on byte for byte', () => {
    expect(message.recordOf('offline_events')('{"value":12.50,"id":12345678901234567890}', 1758190000123)).toBe(
      '{"type":"RECORD","record":{"stream":"offline_events","data":{"value":12.50,"id":12345678901234567890},"emitted_at":1758190000123}}',
    )
  })
})

describe('traceError', () => {
  test('an internal message that there is not is absent', () => {
    expect(message.traceError('system_error', 'why', 1)).not.toContain('internal_message')
  })
})
