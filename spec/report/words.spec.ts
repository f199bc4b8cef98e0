import { bytesText, counted, durationText, firstClause, listed, momentText, rateText } from '../../src/report/words'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [12_345_678, '12.3 MB'],
  [5e12, '5.0 TB'],
  [5e18, '5000 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test.each([
  [0, '0.0 s'],
  [12_340, '12.3 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [3_599_499, '59 min 59 s'],
  [3_599_500, '1 h 0 min'],
  [11_530_000, '3 h 12 min'],
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('small words', () => {
  expect(counted(1, 'row')).toBe('1 row')
  expect(counted(2000, 'row')).toBe('2,000 rows')
  expect(listed([])).toBe('')
  expect(listed(['a'])).toBe('a')
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c')
  expect(momentText(0)).toBe('1970-01-01 00:00:00 UTC')
  expect(rateText(10, 0)).toBeUndefined()
  expect(rateText(123_456, 60_000)).toBe('2,058')
  expect(firstClause('it is wrong; mend it')).toBe('It is wrong.')
  expect(firstClause('it is (a; b) wrong; mend it')).toBe('It is (a; b) wrong.')
})
