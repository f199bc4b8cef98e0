import * as E from 'fp-ts/Either'
import { newJudge, requestField } from '../../../src/destination/platforms/tiktok/response'

const judge = newJudge('api.example.com', ['t0ken'])
const reply = (status: number, body: string) => judge(E.right({ status, body }))
const coded = (code: number, message = 'message') =>
  reply(200, JSON.stringify({ code, message, request_id: 'r', data: {} }))

describe('the body speaks first', () => {
  test.each([
    [0, 'Accepted'],
    [40050, 'Duplicate'],
    [40000, 'Refused'],
    [40002, 'Refused'],
    [20001, 'Refused'],
    [40016, 'Again'],
    [40100, 'Again'],
    [40132, 'Again'],
    [40133, 'Again'],
    [40202, 'Again'],
    [50000, 'Again'],
    [50002, 'Again'],
    [51305, 'Again'],
    [60001, 'Again'],
    [40001, 'Halt'],
    [40007, 'Halt'],
    [40102, 'Halt'],
    [40104, 'Halt'],
    [40105, 'Halt'],
    [40700, 'Halt'],
    [49999, 'Halt'],
  ])('code %d is %s', (code, tag) => {
    expect(coded(code)._tag).toBe(tag)
  })

  test('a failure code outranks the HTTP status; a success under a failed status is not believed', () => {
    expect(reply(502, '{"code":40105}')._tag).toBe('Halt')
    expect(reply(503, '{"code":0,"message":"OK"}')._tag).toBe('Again')
    expect(reply(403, '{"code":0}')._tag).toBe('Halt')
    expect(reply(200, '{"code":40100}')).toMatchObject({ _tag: 'Again', rateLimited: true })
  })
})

describe('without a readable body of TikTok the HTTP status speaks', () => {
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

  test.each(['refused', 'unknown-host', 'no-answer', 'certificate', 'broken'] as const)(
    'no answer (%s) is tried again',
    (cause) => {
      expect(judge(E.left({ cause, host: 'api.example.com:443' }))._tag).toBe('Again')
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
