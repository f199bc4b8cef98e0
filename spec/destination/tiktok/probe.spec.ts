import * as E from 'fp-ts/Either'
import type { HttpReply, HttpRequest, HttpTrouble } from '../../../src/capabilities'
import { PACING } from '../../../src/destination/delivery/backoff'
import { type Probe, probe } from '../../../src/destination/platforms/tiktok/probe'
import { requestsOf } from '../../../src/destination/platforms/tiktok/request'
import { type Failure, failureType, sentence } from '../../../src/failure'

const TOKEN = 'canary-t0ken'
const SET = '7312345678901234567'
const CONFIG = {
  type: 'tiktok' as const,
  access_token: TOKEN,
  event_set_id: SET,
  advertiser_id: undefined as string | undefined,
  test_event_code: undefined,
  additional_event_names: [],
  max_event_age_days: 28,
  api_url: 'https://api.example.com',
}

type Said = E.Either<HttpTrouble, HttpReply>

interface World {
  readonly outcome: E.Either<Failure, Probe>
  /** Which of the two ways was asked, in order. */
  readonly asked: ReadonlyArray<'look-up' | 'track'>
  readonly timeouts: ReadonlyArray<number>
  readonly seconds: number
}

/** A platform as a function of the request and its number; the clock moves by waits, and by requests without an answer. */
const run = async (
  answer: (way: 'look-up' | 'track', n: number) => Said,
  over: Partial<typeof CONFIG> = {},
): Promise<World> => {
  const asked: Array<'look-up' | 'track'> = []
  const timeouts: Array<number> = []
  let nowMs = 0
  const caps = {
    http: {
      send: ({ url, timeoutMs }: HttpRequest) => {
        const way = url.includes('/offline/get/') ? 'look-up' : 'track'
        timeouts.push(timeoutMs)
        const said = answer(way, asked.push(way))
        if (E.isLeft(said) && said.left.cause === 'no-answer') nowMs += timeoutMs
        else nowMs += 50
        return Promise.resolve(said)
      },
    },
    elapsedMs: () => nowMs,
    random: () => 0.5,
    sleep: (ms: number) => {
      nowMs += ms
      return Promise.resolve()
    },
    stop: new AbortController().signal,
  }
  const config = { ...CONFIG, ...over }
  const outcome = await probe(caps, PACING, config, requestsOf(config))
  return { outcome, asked, timeouts, seconds: nowMs / 1000 }
}

const http = (status: number, body: string): Said => E.right({ status, body })
const coded = (code: number, message = '', data: unknown = {}): Said =>
  http(200, JSON.stringify({ code, message, request_id: 'r', data }))
const silent: Said = E.left({ cause: 'no-answer', host: 'api.example.com:443' })
const refusing: Said = E.left({ cause: 'refused', host: 'api.example.com:443' })
const OVER_DATA = coded(40002, 'data: Shorter than minimum length 1.')
const sets = (...ids: ReadonlyArray<unknown>): Said =>
  coded(0, 'OK', { event_set_list: ids.map((event_set_id) => ({ event_set_id })) })

const WITH = { advertiser_id: '7000000000000000001' }

const said = ({ outcome }: World): string =>
  E.isLeft(outcome) ? `${outcome.left._tag} ${failureType(outcome.left)}: ${sentence(outcome.left)}` : outcome.right

describe('without an advertiser', () => {
  test.each([
    ['a refusal over the data', OVER_DATA],
    ['another way to say so', coded(40000, 'Missing data for required field: data')],
    ['a refusal that says nothing', coded(40002)],
    ['a success', coded(0)],
  ])('the token is proved by %s', async (_, answer) => {
    const world = await run(() => answer)
    expect({ outcome: world.outcome, asked: world.asked }).toEqual({ outcome: E.right('token'), asked: ['track'] })
  })

  test.each([
    [40104, 'Access token is null', /platform\.access_token/],
    [40105, 'Access token is incorrect', /platform\.access_token/],
    [40001, 'No permission', /platform\.access_token.*may not report/],
    [40118, 'Not allowed', /platform\.access_token/],
    [40002, 'Invalid value for event_source_id', /platform\.event_set_id/],
    [40002, 'test_event_code: Not a valid string', /platform\.test_event_code/],
    [40700, 'Internal validation error', /40700/],
  ])('code %d "%s" is FAILED at once, with what to mend', async (code, message, names) => {
    const world = await run(() => coded(code, `${message} ${TOKEN}`))
    expect(said(world)).toMatch(names)
    expect(said(world)).toMatch(/^PlatformRefused config_error/)
    expect(said(world)).not.toContain(TOKEN)
    expect(world.asked).toEqual(['track'])
  })
})

describe('with an advertiser', () => {
  test.each([
    ['alone', sets(SET)],
    ['among others', sets('1', SET, null)],
  ])('an event set that is listed %s is proved', async (_, answer) => {
    const world = await run(() => answer, WITH)
    expect({ outcome: world.outcome, asked: world.asked }).toEqual({
      outcome: E.right('token and event set'),
      asked: ['look-up'],
    })
  })

  test.each([
    ['none is listed', sets(), 'event_set_id'],
    ['others are listed', sets('1', null, {}), 'event_set_id'],
    ['there is no list', coded(0, 'OK', null), 'event_set_id'],
    ['its form is refused', coded(40002, 'event_set_ids.0: Not a valid integer'), 'event_set_id'],
    ['the advertiser does not exist', coded(40300, 'The advertiser does not exist'), 'advertiser_id'],
    ['the advertiser is another', coded(40301, ''), 'advertiser_id'],
    ["the advertiser's form is refused", coded(40002, 'advertiser_id: Not a valid integer'), 'advertiser_id'],
    ['the token is none', coded(40105, 'Access token is incorrect'), 'access_token'],
  ])('FAILED with the field where %s', async (_, answer, field) => {
    const world = await run(() => answer, WITH)
    expect(said(world)).toMatch(new RegExp(`^PlatformRefused config_error: platform\\.${field}: `))
    expect(world.asked).toEqual(['look-up'])
  })

  test.each([40001, 40118, 40119, 40124, 40125, 40007, 40008, 41001])(
    'a look-up refused with %d tells nothing of the config: the other way decides',
    async (code) => {
      const passes = await run((way) => (way === 'look-up' ? coded(code, 'No.') : OVER_DATA), WITH)
      expect({ outcome: passes.outcome, asked: passes.asked }).toEqual({
        outcome: E.right('token'),
        asked: ['look-up', 'track'],
      })
      const fails = await run((way) => coded(way === 'look-up' ? code : 40105, 'No.'), WITH)
      expect(said(fails)).toMatch(/platform\.access_token/)
    },
  )
})

describe('passing trouble', () => {
  test.each([
    ['a rate limit', coded(40100)],
    ["TikTok's own trouble", coded(50000)],
    ['maintenance', coded(60001)],
    ['HTTP 503', http(503, '<html>')],
    ['HTTP 429', http(429, '')],
    ['half an answer', http(200, '{"code":0,"mess')],
    ['a page', http(200, '<html>')],
    ['silence', silent],
    ['a broken connection', E.left({ cause: 'broken', host: 'h:1' }) as Said],
  ])('%s is waited out', async (_, trouble) => {
    const world = await run((__, n) => (n < 2 ? trouble : OVER_DATA))
    expect(world.outcome).toEqual(E.right('token'))
  })

  test.each([
    ['a rate limit', coded(40100), '40100'],
    ["TikTok's own trouble", coded(50002), '50002'],
    ['HTTP 503', http(503, '<html>'), 'HTTP 503'],
    ['half an answer', http(200, '{"code":0,"mess'), 'not whole'],
  ])('%s for 30 s could not tell', async (_, trouble, words) => {
    const world = await run(() => trouble)
    expect(said(world)).toMatch(/^CouldNotTell transient_error: /)
    expect(said(world)).toContain(words)
    expect(world.seconds).toBeGreaterThanOrEqual(30)
    expect(world.seconds).toBeLessThan(33)
  })

  test('outweighs the silence, the pages and the refused connections after it', async () => {
    for (const later of [silent, refusing, http(200, '<html>')]) {
      const world = await run((_, n) => (n === 1 ? coded(50000) : later))
      expect(said(world)).toMatch(/^CouldNotTell.*50000/)
      expect(world.seconds).toBeLessThan(33)
    }
  })
})

describe('nobody there', () => {
  test.each(['refused', 'unknown-host', 'certificate'] as const)('%s is told at once, with the host', async (cause) => {
    const world = await run(() => E.left({ cause, host: 'api.example.com:443' }))
    expect(world.outcome).toEqual(E.left({ _tag: 'PlatformUnreachable', cause, host: 'api.example.com:443' }))
    expect(world.asked).toHaveLength(1)
  })

  test('silence is told after 30 s: the first request is given 10 of them, the next the rest', async () => {
    const world = await run(() => silent)
    expect(said(world)).toMatch(/api\.example\.com:443/)
    expect(world.outcome).toMatchObject(E.left({ _tag: 'PlatformUnreachable', cause: 'no-answer' }))
    expect(world.timeouts).toEqual([10_000, 19_500])
    expect(world.seconds).toBe(30)
  })

  test('pages for 30 s are told with api_url, host and port', async () => {
    const world = await run(() => http(200, ' <!DOCTYPE html>'))
    expect(said(world)).toMatch(/^PlatformRefused config_error: platform\.api_url: HTTP 200 from api\.example\.com:443/)
    expect(world.seconds).toBeLessThan(33)
  })

  test('both ways of asking share the 30 s', async () => {
    const world = await run((way, n) => {
      if (way === 'track') return silent
      return n < 5 ? coded(40100) : coded(40001)
    }, WITH)
    expect(world.asked).toContain('track')
    expect(said(world)).toMatch(/^PlatformUnreachable/)
    expect(world.seconds).toBeLessThan(33)
  })
})
