import { type Bucket, newBucket } from '../support/bucket'
import { type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { describeWithMoto } from '../support/moto'
import { makeFile } from '../support/rows'
import { type Checked, answersAsItIs, saysWhyItFailed } from './assertions/connection'
import { type Failed, noError } from './assertions/failure'
import { type Case, describeCases } from './cases'
import { commonCases, failureCases, oneAnswer, secretCases } from './common'
import { first, followed, having, message, without } from './doctoring'
import { DESTINATION, SOURCE, newGuest } from './guest'
import { newRuns } from './runs'
import type { Said } from './said'

const STATUS = message('CONNECTION_STATUS')
const SUCCEEDED = '{"type":"CONNECTION_STATUS","connectionStatus":{"status":"SUCCEEDED"}}'
const CRASH = JSON.stringify({
  type: 'TRACE',
  trace: { type: 'ERROR', emitted_at: 1, error: { message: 'It failed.', failure_type: 'system_error' } },
})

/** Whatever was found: one status and exit code 0. */
const ANSWER_CASES: ReadonlyArray<Case<Checked>> = [
  ...commonCases<Checked>(['CONNECTION_STATUS', 'LOG']),
  ...secretCases<Checked>(),
  oneAnswer('CONNECTION_STATUS'),
  {
    name: 'there is no TRACE ERROR beside it',
    complaints: noError,
    doctored: [{ how: 'one', change: followed(CRASH) }],
  },
]

const SUCCESS_CASES: ReadonlyArray<Case<Checked>> = [
  {
    name: 'the status is SUCCEEDED',
    complaints: answersAsItIs,
    doctored: [
      { how: 'FAILED', change: first(STATUS, having('connectionStatus.status', 'FAILED')) },
      { how: 'no status', change: first(STATUS, without('connectionStatus.status')) },
    ],
  },
]

const FAILURE_CASES: ReadonlyArray<Case<Checked>> = [
  {
    name: 'the status is FAILED',
    complaints: answersAsItIs,
    doctored: [
      { how: 'SUCCEEDED', change: first(STATUS, having('connectionStatus.status', 'SUCCEEDED')) },
      { how: 'SUCCEEDED beside FAILED', change: followed(SUCCEEDED) },
    ],
  },
  {
    name: 'it says why',
    complaints: saysWhyItFailed,
    doctored: [
      { how: 'no message', change: first(STATUS, without('connectionStatus.message')) },
      { how: 'an empty message', change: first(STATUS, having('connectionStatus.message', '')) },
      { how: 'a code', change: first(STATUS, having('connectionStatus.message', 'AccessDenied')) },
    ],
  },
]

const succeeded = (said: Said): Checked => ({ ...said, status: 'SUCCEEDED' })
const failed = (said: Said): Checked => ({ ...said, status: 'FAILED' })

describeWithMoto('contract of check: source', (moto) => {
  const guest = newGuest()
  const { keep, of } = newRuns<Said>()
  let bucket: Bucket

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'contract-check')
    await bucket.put('data/orders.csv', makeFile({ rows: 3, seed: 'check' }).csv)
    const check = (config: unknown): Promise<Said> => guest.run(SOURCE, 'check', { config })
    keep('good', await check(bucket.config()))
    keep('empty', await check(bucket.config({ path_prefix: 'nothing here' })))
    keep('no such bucket', await check(bucket.config({ bucket: 'no-such-bucket' })))
    keep('bad config', await check(bucket.config({ path_prefix: 5 })))
  }, 60_000)
  afterAll(() => {
    bucket.close()
    guest.remove()
  })

  describeCases(
    {
      'a config that works': () => succeeded(of('good')()),
      'a folder without files': () => succeeded(of('empty')()),
      'a bucket that is not there': () => failed(of('no such bucket')()),
      'a config of the wrong types': () => failed(of('bad config')()),
    },
    ANSWER_CASES,
  )
  describeCases(
    { 'a config that works': () => succeeded(of('good')()), 'a folder without files': () => succeeded(of('empty')()) },
    SUCCESS_CASES,
  )
  describeCases(
    {
      'a bucket that is not there': () => failed(of('no such bucket')()),
      'a config of the wrong types': () => failed(of('bad config')()),
    },
    FAILURE_CASES,
  )
})

describe('contract of check: destination', () => {
  const guest = newGuest()
  const { keep, of } = newRuns<Said>()
  let platform: Platform

  beforeAll(async () => {
    platform = await startPlatform()
    const check = (config: unknown): Promise<Said> => guest.run(DESTINATION, 'check', { config })
    keep('good', await check(destinationConfig(platform)))
    keep('bad token', await check(destinationConfig(platform, {}, { access_token: 'not-the-token' })))
    keep('bad config', await check(destinationConfig(platform, {}, { event_set_id: 7 })))
  })
  afterAll(async () => {
    guest.remove()
    await platform.close()
  })

  describeCases(
    {
      'a config that works': () => succeeded(of('good')()),
      'a wrong token': () => failed(of('bad token')()),
      'a config of the wrong types': () => failed(of('bad config')()),
    },
    ANSWER_CASES,
  )
  describeCases({ 'a config that works': () => succeeded(of('good')()) }, SUCCESS_CASES)
  describeCases(
    {
      'a wrong token': () => failed(of('bad token')()),
      'a config of the wrong types': () => failed(of('bad config')()),
    },
    FAILURE_CASES,
  )
  it('has written no event', async () => {
    expect(await platform.events()).toEqual([])
  })
})

describe('contract of check: one that can not be made', () => {
  const guest = newGuest()
  const { keep, of } = newRuns<Said>()

  beforeAll(async () => {
    keep('source', await guest.run(SOURCE, 'check'))
    keep('destination', await guest.run(DESTINATION, 'check'))
  })
  afterAll(() => guest.remove())

  const exception = (name: string) => (): Failed => ({ ...of(name)(), failureType: 'config_error' })
  describeCases(
    { 'a source without a config': exception('source'), 'a destination without a config': exception('destination') },
    failureCases<Failed>(['TRACE', 'LOG']),
  )
})
