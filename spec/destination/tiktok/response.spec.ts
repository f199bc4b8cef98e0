import * as E from 'fp-ts/Either'
import { HTTP_CLASSES, RETURN_CODES } from '../../../src/destination/platforms/tiktok/codes'
import { requestField, suspectOf } from '../../../src/destination/platforms/tiktok/message'
import type { Verdict } from '../../../src/destination/delivery/verdict'
import { newJudge } from '../../../src/destination/platforms/tiktok/response'

const judge = newJudge('api.example.com', ['t0ken'])
const EVENTS = ['a', 'b', 'c', 'd', 'e', 'e'].map((event_id) => JSON.stringify({ event_id }))
const reply = (status: number, body: string) => judge(E.right({ status, body }), EVENTS)
const coded = (code: number, message = 'message', data: unknown = {}) =>
  reply(200, JSON.stringify({ code, message, request_id: 'r', data }))

/** tiktok.md 5.2: what each return code is to lead to. */
const CODES: Readonly<Record<Verdict['_tag'], ReadonlyArray<number>>> = {
  Accepted: [0],
  Duplicate: [40050],
  Refused: [20001, 40000, 40002],
  Again: [
    1, 100, 500, 20000, 20002, 30000, 39999, -1, 40016, 40100, 40132, 40133, 40202, 50000, 50002, 51305, 60001, 50001,
    59999, 60002,
  ],
  Halt: [
    40001, 40006, 40007, 40008, 40010, 40011, 40051, 40101, 40102, 40103, 40104, 40105, 40106, 40107, 40108, 40109,
    40110, 40111, 40112, 40113, 40115, 40116, 40117, 40118, 40119, 40124, 40125, 40200, 40201, 40300, 40301, 40700,
    40900, 40907, 40909, 41000, 41001, 41002, 40003, 40915, 49999,
  ],
  Partial: [],
  Exhausted: [],
  Crowded: [],
}

describe('the body speaks first', () => {
  test.each(Object.entries(CODES).flatMap(([tag, codes]) => codes.map((code) => [code, tag] as const)))(
    'code %d is %s',
    (code, tag) => {
      expect(coded(code)._tag).toBe(tag)
    },
  )

  test('no code of the table is left out here, and each has its reason', () => {
    const tested = new Set(Object.values(CODES).flat())
    for (const [code, { reason }] of Object.entries(RETURN_CODES)) {
      expect(tested).toContain(Number(code))
      expect(reason).not.toBe('')
    }
  })

  test.each([40016, 40100, 40132, 40133])('%d is a rate limit', (code) => {
    expect(coded(code)).toMatchObject({ cause: 'rate-limit' })
  })

  test.each([40202, 50000, 60001])('%d is none', (code) => {
    expect(coded(code)).toMatchObject({ cause: 'trouble' })
  })

  test.each(['Daily limit reached', 'QPD exceeded', 'Too many requests per day', 'quota of 24 hours used up'])(
    'a rate limit of the day is not waited out: %s',
    (message) => {
      expect(coded(40100, message)._tag).toBe('Exhausted')
    },
  )

  test.each([
    'Requests are made too frequently.',
    'QPS limit',
    'Too many requests per minute',
    'The limits are 1000 per second, 600,000 per minute and 86,400,000 per day.',
    'QPS too high. See the daily limits.',
    'QPM 600 exceeded, QPD 864000',
  ])('any other is: %s', (message) => {
    expect(coded(40100, message)._tag).toBe('Again')
  })

  test('a failure code outranks the HTTP status; a success under a failed status is not believed', () => {
    expect(reply(502, '{"code":40105}')._tag).toBe('Halt')
    expect(reply(503, '{"code":0,"message":"OK"}')._tag).toBe('Again')
    expect(reply(403, '{"code":0}')._tag).toBe('Halt')
    expect(reply(200, '{"code":40100}')).toMatchObject({ _tag: 'Again', cause: 'rate-limit' })
  })
})

describe('without a readable body of TikTok the HTTP status speaks', () => {
  test('every status there is has a class, with its reason', () => {
    for (let status = 100; status < 600; status++) {
      const verdict = reply(status, '<html>')
      const retried = (status >= 200 && status < 300) || status >= 500 || [408, 425, 429].includes(status)
      expect([status, verdict._tag]).toEqual([status, retried ? 'Again' : 'Halt'])
    }
    expect(HTTP_CLASSES.filter(({ reason }) => reason === '')).toEqual([])
  })

  test.each([
    [502, '{"code":502,"message":"Bad Gateway"}', 'Again'],
    [503, '{"code":503}', 'Again'],
    [429, '{"code":429}', 'Again'],
    [404, '{"code":404}', 'Halt'],
    [200, '{"code":0,"mess', 'Again'],
    [200, '<html></html>', 'Again'],
    [200, '{"message":"no code"}', 'Again'],
    [200, '', 'Again'],
    [408, '', 'Again'],
    [425, '', 'Again'],
    [429, '', 'Again'],
    [500, '<html>', 'Again'],
    [502, '<html>', 'Again'],
    [503, '', 'Again'],
    [404, '<html>', 'Halt'],
    [403, '', 'Halt'],
    [301, '', 'Halt'],
  ])('%d %s is %s', (status, body, tag) => {
    expect(reply(status, body)._tag).toBe(tag)
  })

  test('a 404 names api_url and the host', () => {
    expect(reply(404, '<html>')).toMatchObject({
      reason: expect.stringMatching(/api_url.*404.*api\.example\.com/) as string,
    })
  })

  test('no handle for a connection of ours is no trouble of the platform', () => {
    const trouble = { cause: 'no-handles', host: 'api.example.com:443' } as const
    expect(judge(E.left(trouble), EVENTS)).toEqual({ _tag: 'Crowded', ...trouble })
  })

  test.each(['refused', 'unknown-host', 'no-answer', 'certificate', 'broken'] as const)(
    'no answer (%s) is tried again',
    (cause) => {
      expect(judge(E.left({ cause, host: 'api.example.com:443' }), EVENTS)._tag).toBe('Again')
    },
  )
})

describe('whose fault a message tells of', () => {
  test.each([
    'Invalid value for event_source_id: not a valid string.',
    'event_source: Unknown value',
    'test_event_code is invalid',
    'The access token is incorrect',
    'data: Shorter than minimum length 1.',
    'data: Missing data for required field.',
    'Field "data" must be a list',
    'Invalid value for data: not a valid list.',
    'Invalid value for access_token: not a valid string.',
    'data field is required',
    'Missing required parameter: data',
    'Missing data parameter',
    'data cannot be blank',
    'parameter data must be a list',
    'Param error: data is required',
    'The data field must be an array',
    'The length of data should be between 1 and 1000',
  ])('the request: %s', (message) => {
    expect(requestField(message)).toBeDefined()
    expect(coded(40002, message)._tag).toBe('Halt')
  })

  test.each([
    'data.3.event: Not a valid choice.',
    'data[3].user.email: Not a valid SHA-256 digest',
    'Batch.3.properties.contents.0.content_id: Not a valid string',
    'Invalid value for event_id: not a valid string.',
    'data.0.user: Missing data for required field.',
    'user.email: Missing data for required field.',
    'Parameter error.',
    'User data must be hashed with SHA256',
    'User data is missing',
    'Event data is too old',
    'Invalid event data length',
    'context.user: contact data is required',
    'Not a valid value for data type integer',
    'Validation error: data.event_time must be an integer',
    'Invalid parameter data.event',
    'data: 3.event is required',
    "{'data': {3: {'event_time': ['Not a valid integer.']}}}",
    'contents: unexpected token',
    'contents: wrong format of data in the list',
    'properties.description: invalid data',
    '',
  ])('an event: %s', (message) => {
    expect(requestField(message)).toBeUndefined()
    expect(coded(40002, message)._tag).toBe('Refused')
  })
})

describe('the event that a message names', () => {
  test.each([
    ['data.3.event: Not a valid choice.', 3],
    ['data[12].user.email: Not a valid SHA-256 digest', 12],
    ['Batch.0.properties.contents.0.content_id: Not a valid string', 0],
    ["{'data': {7: {'event_time': ['Not a valid integer.']}}}", 7],
  ])('%s', (message, suspect) => {
    expect(suspectOf(message)).toBe(suspect)
    expect(coded(40002, message)).toMatchObject({ _tag: 'Refused', suspect })
  })

  test.each(['Parameter error.', 'Invalid value for event_id: not a valid string.'])('none: %s', (message) => {
    expect(coded(40002, message)).toMatchObject({ suspect: undefined })
  })
})

describe('20001 with a list', () => {
  test.each([
    ['places', { failed_indexes: [1, 3] }, [1, 3]],
    ['objects with a place', { failed_events: [{ index: 2, message: 'bad' }] }, [2]],
    ['ids', { error_list: ['c'] }, [2]],
    ['objects with an id', { invalid_events: [{ event_id: 'd', reason: 'bad' }] }, [3]],
    ['one listed twice', { rejected: [0, 0] }, [0]],
  ])('%s', (_, data, failed) => {
    expect(coded(20001, 'Partially successful.', data)).toMatchObject({ _tag: 'Partial', failed })
  })

  test.each([
    ['no data', null],
    ['nothing', {}],
    ['an empty list', { failed_events: [] }],
    ['a list of what was taken', { succeeded: [1, 2] }],
    ['a place beyond the last', { failed_indexes: [6] }],
    ['an unknown id', { failed_ids: ['x'] }],
    ['two lists', { failed: [1], errors: [2] }],
    ['all of them', { failed: [0, 1, 2, 3, 4, 5] }],
    ['an id that two of them have', { failed_ids: ['e'] }],
    ['places that are none', { failed: [-1] }],
  ])('that tells nothing for sure (%s): it is searched as after a refusal', (_, data) => {
    expect(coded(20001, 'Partially successful.', data)).toMatchObject({ _tag: 'Refused', suspect: undefined })
  })
})

describe('what a user is told', () => {
  test.each([
    [40105, 'wrong', /^platform\.access_token: /],
    [40001, 'no permission', /^platform\.access_token: .*may not/],
    [
      40002,
      'Invalid value for event_source_id: not a valid string.',
      /^platform\.event_set_id: .*event set.*pixel code/,
    ],
  ])('%d %s', (code, message, told) => {
    expect(coded(code, message)).toMatchObject({ _tag: 'Halt', reason: expect.stringMatching(told) as string })
  })

  test('neither token nor identity is repeated from the answer', () => {
    const told = JSON.stringify(coded(40105, 'token t0ken of jane@example.com is bad'))
    expect(told).not.toMatch(/t0ken|jane@/)
  })
})
