import fc from 'fast-check'
import {
  amountText,
  countText,
  jsonText,
  nameText,
  percentText,
  tableLines,
  timeText,
  wrapped,
} from '../../src/terminal/text'
import { law } from '../support/laws'

test('a table stands in columns', () => {
  const rows = [
    ['a', '1,000', 'x'],
    ['long name', '2', ''],
  ]
  expect(tableLines({ rows, align: ['left', 'right', 'left'] })).toEqual([
    '  a          1,000  x',
    '  long name      2',
  ])
})

test.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['1234567.5', '1,234,567.50'],
  ['0.125', '0.125'],
])('%s is shown as %s', (decimal, shown) => {
  expect(amountText(decimal)).toBe(shown)
})

test('counts are shown by thousands', () => {
  expect(countText(1_234_567)).toBe('1,234,567')
})

test.each([
  [0, 0, '-'],
  [0, 10, '0.0 %'],
  [10, 10, '100.0 %'],
  [999_999, 1_000_000, '99.9 %'],
  [1, 1_000_000, '<0.1 %'],
  [1, 3, '33.3 %'],
])('%d of %d is %s', (part, total, shown) => {
  expect(percentText(part, total)).toBe(shown)
})

test('a name from outside moves no cursor and turns no text', () => {
  expect(nameText('a\u001b[2Jb\r\n\u202ec.csv')).toBe('a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}c.csv')
})

test('a time is shown to the minute', () => {
  expect(timeText(1_800_000_000)).toBe('2027-01-15 08:00 UTC')
})

test('wrapping loses no word, and no line is too long but for one long word', () => {
  law(
    [fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }), fc.integer({ min: 0, max: 8 })],
    (words, indent) => {
      const lines = wrapped(words.join(' '), 40, indent)
      expect(
        lines
          .join(' ')
          .split(/ +/)
          .filter((word) => word !== ''),
      ).toEqual(words)
      for (const line of lines) expect(line.length <= 40 || !line.trim().includes(' ')).toBe(true)
    },
  )
})

test('JSON for a terminal is the same JSON, without what moves its cursor', () => {
  law([fc.string({ unit: 'binary' })], (text) => {
    const shown = jsonText({ text })
    expect(JSON.parse(shown)).toEqual({ text })
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})
