import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bucket, KEY_ID, SECRET, newBucket } from './support/bucket'
import { BOTH, EVENTS, catalogOf } from './support/catalogs'
import { type Bin, type Ended, newFolder, run } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, logsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { makeFile, recordStream } from './support/rows'

const SOURCE: Bin = 'source-s3-offline-events'
const DESTINATION: Bin = 'destination-offline-events'
const BOTH_ROLES: Bin = 'offline-events'

const folder = newFolder()
afterAll(() => folder.remove())

/** Good for everything but being reached. */
const SOURCE_CONFIG = {
  bucket: 'b',
  path_prefix: 'data',
  credentials: { auth_type: 'access_key', aws_access_key_id: KEY_ID, aws_secret_access_key: SECRET },
  endpoint: 'http://127.0.0.1:1',
}
const DESTINATION_CONFIG = destinationConfig({ url: 'http://127.0.0.1:1' })

/** One usage or input error: nothing but one TRACE on stdout, nothing on stderr. */
const expectConfigError = (ended: Ended, says: RegExp): void => {
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 1, stderr: '' })
  expect(ended.messages.map(({ type }) => type)).toEqual(['TRACE'])
  expect(errorsOf(ended)).toEqual([expect.stringMatching(/^config_error: /)])
  expect(errorsOf(ended)[0]).toMatch(says)
}

describeWithMoto('every verb, from a foreign directory and without environment', (moto) => {
  let platform: Platform
  let bucket: Bucket
  let cwd: string
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'offline-events-cwd-'))
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'verbs')
    await bucket.put('data/orders.csv', makeFile({ rows: 20, seed: 'verbs', codes: ['VALUE_MISSING'], oneIn: 5 }).csv)
  }, 60_000)
  afterAll(async () => {
    bucket.close()
    rmSync(cwd, { recursive: true, force: true })
    await platform.close()
  })

  const expected = (type: string): ReadonlyArray<string> =>
    type === 'RECORD' ? ['TRACE', 'RECORD', 'STATE', 'LOG'] : type === 'STATE' ? ['STATE', 'LOG'] : [type]

  it.each([
    [SOURCE, 'spec', 'SPEC'],
    [SOURCE, 'check', 'CONNECTION_STATUS'],
    [SOURCE, 'discover', 'CATALOG'],
    [SOURCE, 'read', 'RECORD'],
    [DESTINATION, 'spec', 'SPEC'],
    [DESTINATION, 'check', 'CONNECTION_STATUS'],
    [DESTINATION, 'discover', 'DESTINATION_CATALOG'],
    [DESTINATION, 'write', 'STATE'],
    [BOTH_ROLES, 'source spec', 'SPEC'],
    [BOTH_ROLES, 'source check', 'CONNECTION_STATUS'],
    [BOTH_ROLES, 'source discover', 'CATALOG'],
    [BOTH_ROLES, 'source read', 'RECORD'],
    [BOTH_ROLES, 'read', 'RECORD'],
    [BOTH_ROLES, 'destination spec', 'SPEC'],
    [BOTH_ROLES, 'destination check', 'CONNECTION_STATUS'],
    [BOTH_ROLES, 'destination discover', 'DESTINATION_CATALOG'],
    [BOTH_ROLES, 'destination write', 'STATE'],
    [BOTH_ROLES, 'write', 'STATE'],
  ] as const)('%s %s prints one-line JSON messages with type first, and nothing on stderr', async (bin, verb, type) => {
    const isSource = bin === SOURCE || verb.startsWith('source') || verb === 'read'
    const config = folder.file('config.json', isSource ? bucket.config() : destinationConfig(platform))
    const catalog = folder.file('catalog.json', catalogOf(isSource ? BOTH : [EVENTS]))
    const args = [
      ...verb.split(' '),
      ...(type === 'SPEC' ? [] : ['--config', config]),
      ...(type === 'RECORD' || type === 'STATE' ? ['--catalog', catalog] : []),
    ]
    const input = type === 'STATE' ? recordStream([`verbs-${bin}-${verb}`], 1) : ''
    const ended = await run(bin, args, { cwd, env: { PATH: process.env['PATH'] }, input })
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(ended.stdout.endsWith('\n')).toBe(true)
    expect(ended.lines.filter((line) => !/^\{"type":"[A-Z_]+",/.test(line))).toEqual([])
    // Compact: what JSON.stringify would have made of it.
    expect(ended.lines.filter((line) => JSON.stringify(JSON.parse(line)) !== line)).toEqual([])
    expect(new Set(ended.messages.map((message) => message.type))).toEqual(new Set(expected(type)))
    const records = ended.lines.filter((line) => line.startsWith('{"type":"RECORD"'))
    expect(records.filter((line) => !line.startsWith('{"type":"RECORD","record":{"stream":"offline_events'))).toEqual(
      [],
    )
    expect(records).toHaveLength(type === 'RECORD' ? 20 : 0)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('help and version', () => {
  it.each([
    [SOURCE, ['--help'], /spec[^]*check[^]*discover[^]*read/],
    [SOURCE, ['read', '--help'], /--config[^]*--catalog[^]*--state/],
    [DESTINATION, ['--help'], /spec[^]*check[^]*discover[^]*write/],
    [BOTH_ROLES, ['--help'], /source[^]*destination[^]*template/],
    [BOTH_ROLES, ['source', '--help'], /spec[^]*check[^]*discover[^]*read/],
    [SOURCE, ['--version'], /^\d+\.\d+\.\d+\n$/],
    [DESTINATION, ['--version'], /^\d+\.\d+\.\d+\n$/],
    [BOTH_ROLES, ['--version'], /^\d+\.\d+\.\d+\n$/],
    [BOTH_ROLES, ['template'], /^event_name,event_time,[^]*\nPurchase,\d{10},/],
  ] as const)('%s %j is text', async (bin, args, says) => {
    const { code, stdout, stderr } = await run(bin, args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(says)
  })
})

describe('a wrong call', () => {
  it.each([
    [SOURCE, [], /--help/],
    [SOURCE, ['sing'], /sing/],
    [SOURCE, ['read'], /config.*catalog/],
    [SOURCE, ['read', '--config', 'c.json'], /catalog/],
    [SOURCE, ['check', '--config'], /config/],
    [SOURCE, ['spec', '--colour'], /colour/],
    [SOURCE, ['write', '--config', 'c', '--catalog', 'c'], /write/],
    [DESTINATION, ['read', '--config', 'c', '--catalog', 'c'], /read/],
    [BOTH_ROLES, [], /--help/],
    [BOTH_ROLES, ['source'], /--help|spec/],
    [BOTH_ROLES, ['source', 'write'], /write/],
    [SOURCE, ['discover', '--config', '/nowhere/config.json'], /--config/],
    [DESTINATION, ['write', '--config', '/nowhere/config.json', '--catalog', '/nowhere/catalog.json'], /--config/],
  ] as const)('%s %j is one config_error', async (bin, args, says) => {
    expectConfigError(await run(bin, args), says)
  })

  it('does not repeat what may be a key in the wrong place', async () => {
    const ended = await run(SOURCE, ['spec', 'AKIA4F1D'])
    expectConfigError(ended, /Unknown argument: \(not shown\)/)
    expect(ended.stdout).not.toContain('AKIA4F1D')
  })
})

describe('a config that can not be used', () => {
  const CANARY = 'canary-4f1d'
  it.each<readonly [string, Bin, string, unknown, RegExp]>([
    ['no JSON', SOURCE, 'discover', `{"bucket":"${CANARY}"`, /config.*not JSON/],
    ['a list', SOURCE, 'discover', [CANARY], /config.*expected an object/],
    ['without bucket', SOURCE, 'read', { ...SOURCE_CONFIG, bucket: undefined, endpoint: CANARY }, /bucket: expected/],
    ['with a key of the wrong type', SOURCE, 'read', { ...SOURCE_CONFIG, region: [CANARY] }, /region: expected/],
    ['with credentials in a text', SOURCE, 'read', { ...SOURCE_CONFIG, credentials: CANARY }, /credentials: expected/],
    ['no JSON', DESTINATION, 'discover', `{"platform":"${CANARY}"`, /config.*not JSON/],
    ['without platform', DESTINATION, 'write', { access_token: CANARY }, /platform: expected/],
    [
      'with a token of the wrong type',
      DESTINATION,
      'write',
      destinationConfig({ url: 'http://127.0.0.1:1' }, {}, { access_token: [CANARY] }),
      /platform\.access_token: expected/,
    ],
    [
      'with too many events per request',
      DESTINATION,
      'write',
      { ...DESTINATION_CONFIG, max_events_per_request: 1001 },
      /max_events_per_request: expected/,
    ],
  ])('%s: %s %s says in one sentence where', async (_, bin, verb, content, says) => {
    const config = folder.file('config.json', content)
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const ended = await run(bin, [verb, '--config', config, ...(verb === 'discover' ? [] : ['--catalog', catalog])])
    expectConfigError(ended, says)
    expect(ended.stdout).not.toContain(CANARY)
  })

  it('with keys that nobody reads is used, and they are named in one WARN', async () => {
    const config = folder.file('config.json', {
      ...SOURCE_CONFIG,
      colour: CANARY,
      credentials: { ...SOURCE_CONFIG.credentials, mood: CANARY },
    })
    const ended = await run(SOURCE, ['discover', '--config', config])
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(logsOf(ended, 'WARN')).toEqual([expect.stringMatching(/colour/)])
    expect(logsOf(ended, 'WARN')[0]).toContain('credentials.mood')
    expect(ended.stdout).not.toContain(CANARY)
  })
})

describe('a catalog that can not be used', () => {
  it.each<readonly [string, Bin, unknown, RegExp]>([
    ['no JSON', SOURCE, 'streams', /catalog.*not JSON/],
    ['no streams', SOURCE, {}, /catalog.*streams: expected/],
    ['an unknown stream', SOURCE, catalogOf(['orders']), /streams\.0\.stream\.name/],
    ['a stream twice', SOURCE, catalogOf([EVENTS, EVENTS]), /streams\.1.*twice/],
    ['an unknown sync mode', SOURCE, catalogOf([EVENTS], { sync_mode: 'INVALID' }), /streams\.0\.sync_mode/],
    ['an unknown sync mode', DESTINATION, catalogOf([EVENTS], { sync_mode: 'INVALID' }), /streams\.0\.sync_mode/],
    [
      'an unknown destination sync mode',
      DESTINATION,
      catalogOf([EVENTS], { destination_sync_mode: 'INVALID' }),
      /streams\.0\.destination_sync_mode/,
    ],
    ['update', DESTINATION, catalogOf([EVENTS], { destination_sync_mode: 'update' }), /destination_sync_mode.*append/],
    [
      'soft_delete',
      DESTINATION,
      catalogOf([EVENTS], { destination_sync_mode: 'soft_delete' }),
      /destination_sync_mode.*append/,
    ],
    [
      'a generation of both old and new records',
      DESTINATION,
      catalogOf([EVENTS], { generation_id: 3, minimum_generation_id: 2 }),
      /minimum_generation_id/,
    ],
  ])('%s: %s ends with a config_error that says where', async (_, bin, content, says) => {
    const isSource = bin === SOURCE
    const config = folder.file('config.json', isSource ? SOURCE_CONFIG : DESTINATION_CONFIG)
    const catalog = folder.file('catalog.json', content)
    expectConfigError(await run(bin, [isSource ? 'read' : 'write', '--config', config, '--catalog', catalog]), says)
  })

  it.each(['append', 'append_dedup', 'overwrite'])('%s is taken by write', async (destination_sync_mode) => {
    const config = folder.file('config.json', DESTINATION_CONFIG)
    const catalog = folder.file('catalog.json', catalogOf([EVENTS], { destination_sync_mode }))
    const ended = await run(DESTINATION, ['write', '--config', config, '--catalog', catalog])
    expect({ code: ended.code, errors: errorsOf(ended) }).toEqual({ code: 0, errors: [] })
    expect(logsOf(ended, 'WARN')).toHaveLength(destination_sync_mode === 'overwrite' ? 1 : 0)
  })

  it('a state that is none ends read with a config_error that says how to reset', async () => {
    const config = folder.file('config.json', SOURCE_CONFIG)
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const state = folder.file('state.json', { offline_events: { cursor: 1 } })
    const ended = await run(SOURCE, ['read', '--config', config, '--catalog', catalog, '--state', state])
    expectConfigError(ended, /state.*reset/)
  })
})
