import * as E from 'fp-ts/Either'
import { parse } from '../../src/cli'
import { sync } from '../../src/commands/sync'
import { template } from '../../src/commands/template'
import { validate } from '../../src/commands/validate'
import * as accounts from '../golden/validate/expected.json'
import { memory, memoryObjects } from '../support/memory'
import { partsOf } from './pages'

const PAGE = 'docs/cli.md'
const { prose, blocks } = partsOf(PAGE)
const NOW = Date.parse('2026-03-01T12:00:00.000Z')

const helpOf = (verb: string): string => {
  const parsed = parse('offline-events', [verb, '--help'])
  return E.isRight(parsed) && parsed.right._tag === 'Text' ? parsed.right.text : ''
}

test.each(['template', 'validate', 'sync'])('every flag of %s is told', (verb) => {
  const said = prose + blocks.map(({ text }) => text).join('\n')
  const flags = new Set(helpOf(verb).match(/--[a-z][a-z-]+/g))
  expect(flags.size).toBeGreaterThan(2)
  expect([...flags].filter((flag) => flag !== '--version' && !said.includes(flag))).toEqual([])
})

test('what validate says of the template is what it says', async () => {
  const objects = memoryObjects({ 'events.csv': `${template(NOW, 'csv')}\n` }, NOW)
  const { caps, lines } = memory({ objects, nowMs: NOW })
  const command = { config: undefined, destination: undefined, platform: 'tiktok', settings: {} } as const
  await validate(caps)({ ...command, file: 'events.csv', json: false, maxRejectedPercent: undefined })
  expect(blocks.find(({ info, text }) => info === 'text' && text.startsWith('events.csv,'))?.text).toBe(
    lines.join('\n'),
  )
})

test('every key of the JSON is told', () => {
  const keys = Object.keys(accounts).filter((key) => key !== 'default')
  expect(keys.filter((key) => !new RegExp(`^\\| [^|]*\`${key}\``, 'm').test(prose))).toEqual([])
})

test('every key of the totals of sync is told', async () => {
  const objects = memoryObjects({ 'events.csv': `${template(NOW, 'csv')}\n` }, NOW)
  const texts = {
    destination: '{"platform":{"type":"tiktok","access_token":"t","event_set_id":"7312345678901234567"}}',
  }
  const totals = await Promise.all(
    [true, false].map(async (isDryRun) => {
      const { caps, lines } = memory({ objects, texts, nowMs: NOW, answer: () => '{"code":40105,"message":"no"}' })
      const command = { source: undefined, rejects: undefined, report: undefined, settings: {} }
      const names = { file: 'events.csv', destination: 'destination', state: 'state' }
      await sync(caps)({ ...command, ...names, isDryRun, json: true, maxRejectedPercent: undefined })
      return JSON.parse(lines.at(-1)?.replace(/^sync /, '') ?? '') as Readonly<Record<string, unknown>>
    }),
  )
  const keys = new Set(totals.flatMap(Object.keys))
  expect(keys.has('would_send') && keys.has('failure')).toBe(true)
  expect([...keys].filter((key) => !new RegExp(`^\\| .*\`${key}\``, 'm').test(prose))).toEqual([])
})
