import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import * as Destination from '../../src/destination/config'
import { decodeReferring } from '../../src/commands/references'
import type { Decoded } from '../../src/setting'
import * as Source from '../../src/source/config'
import { left, right } from '../support/either'
import { lawLater } from '../support/laws'
import { memory } from '../support/memory'

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

const { caps } = memory({
  variables: {
    SECRET,
    BUCKET: 'acme',
    SHARE: '25',
    ROWS: '100',
    INDEX: '1',
    COUNT: '4',
    SET: '7312345678901234567',
    WORD: 'x1',
    NONE: '',
  },
  texts: { '/run/secret': `${SECRET}\n`, '/run/windows': '12\r\n', '/run/two lines': 'a\n\n', '/run/empty': '' },
  nowMs: 0,
})

const source = (json: object) =>
  decodeReferring(
    caps,
    'config',
    Source.decode,
  )({ bucket: 'b', path_prefix: '', credentials: { auth_type: 'default_chain' }, ...json })()
const destination = (json: object) => decodeReferring(caps, 'destination', Destination.decode)(json)()

/** A decoder that takes anything: what the references come to. */
const asIs = (json: unknown): E.Either<never, Decoded<unknown>> => E.right({ config: json, unknown: [], warnings: [] })
const resolved = async (json: unknown): Promise<unknown> =>
  right(await decodeReferring(caps, 'config', asIs)(json)()).config

const problemsOf = async (found: Promise<E.Either<unknown, unknown>>): Promise<ReadonlyArray<string>> =>
  (left(await found) as { readonly problems: ReadonlyArray<string> }).problems

test.each([
  ['${SECRET}', SECRET],
  ['s3-${BUCKET}/${WORD}', 's3-acme/x1'],
  ['${file:/run/secret}', SECRET],
  ['${file:/run/windows}', '12'],
  ['${file:/run/two lines}', 'a\n'],
  ['${file:/run/empty}${NONE}', ''],
  ['$${SECRET}', '${SECRET}'],
  ['$$${SECRET}', '$${SECRET}'],
  ['$SECRET {SECRET}', '$SECRET {SECRET}'],
])('%s comes to %s', async (text, expected) => {
  expect(await resolved({ a: [{ b: text }] })).toEqual({ a: [{ b: expected }] })
})

test('what a reference brings is not looked into again', async () => {
  const { caps: nested } = memory({ variables: { A: '${B}$&$1', B: 'b' }, nowMs: 0 })
  expect(right(await decodeReferring(nested, 'config', asIs)({ a: '${A}' })()).config).toEqual({ a: '${B}$&$1' })
})

test('a JSON value without references stays what it is', () =>
  lawLater([fc.jsonValue()], async (json) => {
    fc.pre(!JSON.stringify(json).includes('${'))
    expect(await resolved(json)).toEqual(json)
  }))

test('where a whole number is wanted, one reference alone stands for one', async () => {
  const { config } = right(
    await source({
      checkpoint_rows: '${ROWS}',
      max_rejected_percent: '${SHARE}',
      lookback_hours: '${file:/run/windows}',
      partition: { index: '${INDEX}', count: '${COUNT}' },
    }),
  )
  expect(config).toMatchObject({
    checkpoint_rows: 100,
    max_rejected_percent: 25,
    lookback_hours: 12,
    partition: { index: 1, count: 4 },
  })
})

test('where a text is wanted, digits stay a text', async () => {
  const { config } = right(
    await destination({
      platform: { type: 'tiktok', access_token: '${SECRET}', event_set_id: '${SET}', max_event_age_days: '${COUNT}' },
    }),
  )
  expect(config.platform).toMatchObject({
    access_token: SECRET,
    event_set_id: '7312345678901234567',
    max_event_age_days: 4,
  })
})

test.each([
  ['a text around it', '1${SHARE}'],
  ['no digits', '${WORD}'],
  ['nothing', '${NONE}'],
  ['a plain text of digits', '25'],
])('a whole number is not made of %s', async (_, checkpoint_rows) => {
  expect(await problemsOf(source({ checkpoint_rows }))).toEqual(['checkpoint_rows: expected a whole number from 1 up'])
})

test.each([
  ['${UNSET}', /environment has no variable/],
  ['${toString}', /environment has no variable/],
  ['${file:/run/none}', /can't be read/],
  ['${file:relative}', /stands the name of a variable, or file:/],
  ['${wJalr/XUtn}', /stands the name of a variable, or file:/],
  ['${}', /stands the name of a variable/],
  ['${open', /stands the name of a variable/],
  ['${SECRET', /stands the name of a variable/],
])('%s is told by its place', async (text, says) => {
  const problems = await problemsOf(
    source({ credentials: { auth_type: 'access_key', aws_access_key_id: 'a', aws_secret_access_key: text } }),
  )
  expect(problems).toEqual([expect.stringMatching(/^credentials\.aws_secret_access_key: /)])
  expect(problems[0]).toMatch(says)
  expect(problems[0]).not.toMatch(/UNSET|none|relative|wJalr|open|SECRET/)
})

test('each place that refers to nothing is told', async () => {
  expect(await problemsOf(source({ bucket: '${NO}', region: '${NO}', endpoint: '${NEITHER}' }))).toHaveLength(3)
})

test("of two configs it is told which: a destination's faults are its own", async () => {
  expect(left(await destination({ platform: '${SECRET}' }))).toMatchObject({
    _tag: 'InputInvalid',
    input: 'destination',
  })
})
