import * as fs from 'node:fs'
import * as path from 'node:path'
import * as E from 'fp-ts/Either'
import { read } from '../../src/commands/read'
import { write } from '../../src/commands/write'
import { memory, memoryObjects } from '../support/memory'

/*
 * Whole runs against files that are reviewed as text. To look at a wanted change: run with GOLDEN=write and read the diff.
 */
const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const MODIFIED = Date.parse('2026-03-01T11:30:00.000Z')

const golden = (...parts: ReadonlyArray<string>): string => path.join(__dirname, '..', 'golden', ...parts)
const textOf = (...parts: ReadonlyArray<string>): string => fs.readFileSync(golden(...parts), 'utf8')

const expectGolden = (lines: ReadonlyArray<string>, ...parts: ReadonlyArray<string>): void => {
  const text = lines.map((line) => `${line}\n`).join('')
  if (process.env['GOLDEN'] === 'write') fs.writeFileSync(golden(...parts), text)
  expect(text).toBe(textOf(...parts))
}

test('read: files to messages, byte for byte', async () => {
  const names = fs.readdirSync(golden('read', 'files')).sort()
  const files = Object.fromEntries(names.map((name) => [`shop/exports/${name}`, textOf('read', 'files', name)]))
  const world = memory({
    texts: { config: textOf('read', 'config.json'), catalog: textOf('read', 'catalog.json') },
    objects: memoryObjects(files, MODIFIED),
    nowMs: NOW,
  })
  const outcome = await read(world.caps)({ config: 'config', catalog: 'catalog', state: undefined })()
  expect(outcome).toEqual(E.right(undefined))
  expectGolden(world.lines, 'read', 'expected.jsonl')
})

test('write: messages to requests and echoed states, byte for byte', async () => {
  const world = memory({
    texts: { config: textOf('write', 'config.json'), catalog: textOf('write', 'catalog.json') },
    stdin: textOf('write', 'input.jsonl').split('\n').slice(0, -1),
    // The platform takes all but one order, and does not say which it is.
    answer: ({ body }) =>
      body?.includes('order-refused') === true
        ? '{"code":40002,"message":"Parameter error.","request_id":"r-1","data":{}}'
        : '{"code":0,"message":"OK","request_id":"r-2","data":{}}',
    nowMs: NOW,
  })
  const outcome = await write(world.caps)({ config: 'config', catalog: 'catalog' })()
  expect(outcome).toEqual(E.right(undefined))
  expectGolden(
    world.requests.map(({ body }) => body ?? ''),
    'write',
    'expected-requests.jsonl',
  )
  expectGolden(world.lines, 'write', 'expected.jsonl')
})
