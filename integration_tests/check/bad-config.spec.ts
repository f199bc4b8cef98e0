import { newFolder, run } from '../support/connector'
import { type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { checkDestination, checkSource, failed, statusOf } from './checking'

const folder = newFolder()
afterAll(() => folder.remove())

const pathOf = (path: string): RegExp => new RegExp(`(^|[ .])${path.replace(/\./g, '\\.')}: expected`)

describe('source check of a bad config', () => {
  const good = {
    bucket: 'b',
    path_prefix: 'data',
    credentials: { auth_type: 'access_key', aws_access_key_id: 'canary-key', aws_secret_access_key: 'canary-secret' },
    endpoint: 'http://127.0.0.1:1',
  }
  const { credentials } = good
  it.each([
    ['bucket', 'absent', { ...good, bucket: undefined }],
    ['bucket', 'a number', { ...good, bucket: 17 }],
    ['path_prefix', 'null', { ...good, path_prefix: null }],
    ['credentials', 'absent', { ...good, credentials: undefined }],
    ['credentials.auth_type', 'unknown', { ...good, credentials: { ...credentials, auth_type: 'guess' } }],
    [
      'credentials.aws_access_key_id',
      'absent',
      { ...good, credentials: { ...credentials, aws_access_key_id: undefined } },
    ],
    [
      'credentials.aws_secret_access_key',
      'a number',
      { ...good, credentials: { ...credentials, aws_secret_access_key: 17 } },
    ],
    ['endpoint', 'no URL', { ...good, endpoint: 'no url' }],
    ['checkpoint_rows', 'zero', { ...good, checkpoint_rows: 0 }],
    ['start_date', 'no date', { ...good, start_date: 'yesterday' }],
  ])('FAILED names the path: %s is %s', async (path, _, config) => {
    expect(statusOf(await checkSource(folder, config))).toEqual(failed(pathOf(path)))
  })

  it('FAILED names every path that is wrong', async () => {
    const { status, message } = statusOf(await checkSource(folder, { ...good, bucket: 17, path_prefix: null }))
    expect(status).toBe('FAILED')
    expect(message).toMatch(pathOf('bucket'))
    expect(message).toMatch(pathOf('path_prefix'))
  })
})

describe('destination check of a bad config', () => {
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  afterAll(() => platform.close())

  it.each([
    ['platform.access_token', 'absent', { access_token: undefined }],
    ['platform.event_set_id', 'absent', { event_set_id: undefined }],
    ['platform.event_set_id', 'a number', { event_set_id: 7312 }],
    ['platform.type', 'unknown', { type: 'meta' }],
    ['platform.max_event_age_days', 'a text', { max_event_age_days: '28' }],
  ])('FAILED names the path: %s is %s', async (path, _, over) => {
    const ended = await checkDestination(folder, destinationConfig(platform, {}, over))
    expect(statusOf(ended)).toEqual(failed(pathOf(path)))
    expect((await platform.summary()).requests.total).toBe(0)
  })
})

describe.each(['source-s3-offline-events', 'destination-offline-events'] as const)('%s', (bin) => {
  it.each([
    ['is not there', '/no/such/config.json', /--config can't be read/],
    ['is no JSON', folder.file('no.json', '{"bucket": canary-secret'), /--config is not JSON/],
    ['holds no object', folder.file('text.json', '"canary-secret"'), /expected an object/],
  ])('check: FAILED where the config file %s', async (_, path, names) => {
    const ended = await run(bin, ['check', '--config', path])
    expect(statusOf(ended)).toEqual(failed(names))
    expect(ended.stdout).not.toContain('canary-secret')
  })
})
