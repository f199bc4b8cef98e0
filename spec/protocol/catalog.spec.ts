import { explain } from '../../src/explain'
import { ConfiguredCatalog, fieldsOf, keyOf } from '../../src/protocol/catalog'
import { streamKey } from '../../src/protocol/incoming'
import { left, right } from '../support/either'

const STREAM = {
  stream: { name: 'offline_events', json_schema: {}, supported_sync_modes: ['full_refresh'] },
  sync_mode: 'incremental',
  destination_sync_mode: 'append',
}

const catalogOf = (...streams: ReadonlyArray<unknown>) => ConfiguredCatalog.decode({ streams })

describe('ConfiguredCatalog', () => {
  test.each(['append', 'overwrite', 'append_dedup', 'overwrite_dedup', 'update', 'soft_delete'])(
    'the destination sync mode %s is one',
    (destination_sync_mode) => {
      const [stream] = right(catalogOf({ ...STREAM, destination_sync_mode })).streams
      expect(stream?.destination_sync_mode).toBe(destination_sync_mode)
    },
  )

  test.each([
    ['no keys but the least', { stream: { name: 's' }, sync_mode: 'full_refresh' }],
    ['explicit nulls', { ...STREAM, destination_sync_mode: null, generation_id: null, minimum_generation_id: null }],
    ['generations', { ...STREAM, generation_id: 3, minimum_generation_id: 0, sync_id: 9 }],
    ['unknown keys', { ...STREAM, cursor_field: ['x'], primary_key: [['y']], include_files: false, later: {} }],
    ['a namespace that is null', { ...STREAM, stream: { name: 's', namespace: null } }],
  ])('%s are let through', (_, stream) => {
    expect(right(catalogOf(stream)).streams).toHaveLength(1)
  })

  test('an empty list of streams is a catalog', () => {
    expect(right(catalogOf()).streams).toEqual([])
  })

  test.each([
    ['no streams', ConfiguredCatalog.decode({}), ['streams: expected a list of streams']],
    ['no object', ConfiguredCatalog.decode('canary'), ['expected a configured catalog']],
    [
      'a sync mode of its own',
      catalogOf({ ...STREAM, sync_mode: 'canary' }),
      ['streams.0.sync_mode: expected full_refresh or incremental'],
    ],
    [
      'another destination sync mode',
      catalogOf(STREAM, { ...STREAM, destination_sync_mode: 'canary' }),
      ['streams.1.destination_sync_mode: expected append, append_dedup, overwrite, update or soft_delete, or nothing'],
    ],
    ['no stream', catalogOf({ sync_mode: 'incremental' }), ['streams.0.stream: expected a stream']],
    [
      'a name that is no text',
      catalogOf({ ...STREAM, stream: { name: 5 } }),
      ['streams.0.stream.name: expected string'],
    ],
    [
      'a generation that is text',
      catalogOf({ ...STREAM, generation_id: 'canary' }),
      ['streams.0.generation_id: expected number, or nothing'],
    ],
    [
      'an object name that is no text',
      catalogOf({ ...STREAM, destination_object_name: ['canary'] }),
      ['streams.0.destination_object_name: expected string, or nothing'],
    ],
  ])('with %s it is refused, place by place and without values', (_, decoded, problems) => {
    expect(explain(left(decoded))).toEqual(problems)
  })
})

describe('fieldsOf', () => {
  const fields = (json_schema: unknown): ReadonlyArray<string> | undefined => {
    const [stream] = right(catalogOf({ ...STREAM, stream: { name: 's', json_schema } })).streams
    const found = stream === undefined ? undefined : fieldsOf(stream)
    return found === undefined ? undefined : [...found]
  }

  test('are the top-level properties that a stream declares', () => {
    expect(fields({ properties: { a: {}, 'b c': { properties: { inner: {} } } } })).toEqual(['a', 'b c'])
  })

  test.each([undefined, null, 'x', [], {}, { properties: null }, { properties: [] }, { properties: {} }])(
    'a schema of %j declares none',
    (schema) => {
      expect(fields(schema)).toBeUndefined()
    },
  )
})

describe('keyOf', () => {
  test('is the identity that records of the stream have', () => {
    const [plain, inNamespace] = right(
      catalogOf(STREAM, { ...STREAM, stream: { name: 'offline_events', namespace: 'shop' } }),
    ).streams
    expect(plain && keyOf(plain)).toBe(streamKey('offline_events', undefined))
    expect(inNamespace && keyOf(inNamespace)).toBe(streamKey('offline_events', 'shop'))
  })
})
