import * as E from 'fp-ts/Either'
import { type Executable, parse } from '../src/cli'
import { left, right } from './support/either'

const BOTH: Executable = 'offline-events'
const said = (...args: ReadonlyArray<string>): string => {
  const parsed = parse(BOTH, args)
  if (E.isLeft(parsed)) return parsed.left._tag === 'UsageInvalid' ? parsed.left.problem : parsed.left._tag
  return parsed.right._tag === 'Misused' || parsed.right._tag === 'Text' ? JSON.stringify(parsed.right) : 'a command'
}

describe('validate', () => {
  test('takes a file, with all that goes beside it', () => {
    const flags =
      '--config c --destination d --json --max-rejected-percent 0.5 --default-currency EUR --decimal , --delimiter tab'
    expect(right(parse(BOTH, ['validate', '12', ...flags.split(' ')]))).toEqual({
      _tag: 'Validate',
      file: '12',
      config: 'c',
      destination: 'd',
      platform: 'tiktok',
      settings: { default_currency: 'EUR', csv: { decimal: ',', delimiter: '\t' } },
      json: true,
      maxRejectedPercent: 0.5,
    })
  })

  test('takes a folder by its config alone', () => {
    expect(right(parse(BOTH, ['validate', '--config', 'c']))).toMatchObject({
      file: undefined,
      settings: {},
      json: false,
    })
  })

  test.each([
    [[], /Say what to judge/],
    [['a', 'b'], /Unknown argument/],
    [['a', '--max-rejected-percent', '101'], /0 to 100/],
    [['a', '--max-rejected-percent', '-1'], /0 to 100|Not enough/],
    [['a', '--max-rejected-percent', 'few'], /0 to 100/],
    [['a', '--max-rejected-percent'], /max-rejected-percent/],
    [['a', '--platform', 'meta'], /--platform takes one of these: tiktok/],
    [['a', '--config'], /config/],
  ])('%j is told in words', (args, says) => {
    const parsed = right(parse(BOTH, ['validate', ...args]))
    expect(parsed).toMatchObject({ _tag: 'Misused', problem: expect.stringMatching(says) as string })
    expect(JSON.stringify(parsed)).toContain('offline-events validate --help')
  })
})

describe('what is mistyped', () => {
  test.each([
    [['validate', 'a', '--max-rejcted-percent', '1'], 'Did you mean --max-rejected-percent?'],
    [['validate', 'a', '--jsno'], 'Did you mean --json?'],
    [['validat', 'a'], 'Did you mean validate?'],
    [['tempalte'], 'Did you mean template?'],
    [['template', '--fromat=csv'], 'Did you mean --format?'],
    [['sorce', 'check', '--config', 'c'], 'Did you mean source?'],
    [['source', 'chekc', '--config', 'c'], 'Did you mean check?'],
    [['source', 'check', '--confg', 'c'], 'Did you mean --config?'],
  ])('%j is asked about', (args, says) => {
    expect(said(...args)).toContain(says)
  })

  test.each([[['sing']], [['validate', 'a', '--colour']], [['x'.repeat(100)]]])('%j is near to nothing', (args) => {
    expect(said(...args)).toMatch(/Unknown argument/)
    expect(said(...args)).not.toContain('Did you mean')
  })

  test.each([
    ['template', '--format', 'AKIASECRET1'],
    ['validate', 'a', '--platform', 'AKIASECRET1'],
    ['validate', 'a', 'AKIASECRET1'],
    ['validate', 'a', '--max-rejected-percent', 'AKIASECRET1'],
    ['validate', '--AKIASECRET1'],
    ['AKIASECRET1'],
  ])('what may be a key is not repeated: %s %s %s %s', (...args) => {
    expect(said(...args.filter((arg) => typeof arg === 'string'))).not.toContain('AKIASECRET1')
  })

  test.each([[[]], [['sing']], [['source']], [['read', '--config', 'c']], [['source', 'chekc']]])(
    '%j, which is for the platform, stays a message of the protocol',
    (args) => {
      expect(left(parse(BOTH, args))._tag).toBe('UsageInvalid')
    },
  )
})

describe('help', () => {
  const VERBS = ['spec', 'check', 'discover', 'read', 'write']
  test.each([
    ['template'],
    ['validate'],
    ['read'],
    ['write'],
    ...VERBS.filter((verb) => verb !== 'write').map((verb) => ['source', verb]),
    ...VERBS.filter((verb) => verb !== 'read').map((verb) => ['destination', verb]),
  ])('of %s %s is a page of its own, with examples and exit codes', (...words) => {
    const page = said(...words.filter((word) => typeof word === 'string'), '--help')
    expect(page).toContain(`offline-events ${words.join(' ')}`)
    expect(page).toMatch(/Examples:/)
    expect(page).toMatch(/Exit codes: 0/)
  })

  test.each([[[]], [['source']], [['destination']]])('of %j lists what there is', (words) => {
    expect(said(...words, '--help')).toMatch(/Commands:/)
  })
})
