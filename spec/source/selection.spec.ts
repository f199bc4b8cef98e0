import { decode } from '../../src/source/config'
import { chooser } from '../../src/source/selection'
import { right } from '../support/either'

const choose = (over: Readonly<Record<string, unknown>>, key: string, modifiedMs = 0, bytes = 1) => {
  const credentials = { auth_type: 'access_key', aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: 's' }
  const { config } = right(decode({ bucket: 'acme-offline', path_prefix: 'data', credentials, ...over }))
  return chooser(config)({ key, modifiedMs, bytes, etag: '"e"', archived: false })
}

describe('chooser', () => {
  test.each([
    ['data/a.csv', 'file'],
    ['data/A.CSV', 'file'],
    ['data/2026/01/my file.csv', 'file'],
    ['data/größe.csv', 'file'],
    ['data/a.csv.gz', 'file'],
    ['data/a.txt', 'ignored'],
    ['data/csv', 'ignored'],
    ['data/a.xlsx', 'ignored'],
  ])('by default %s is %s', (key, choice) => {
    expect(choose({}, key)).toBe(choice)
  })

  test.each([
    ['*.csv', 'data/a.csv', 'file'],
    ['*.csv', 'data/sub/a.csv', 'ignored'],
    ['*.CSV', 'data/a.csv', 'file'],
    ['sales-*.csv', 'data/Sales-1.csv', 'file'],
    ['sub/**', 'data/sub/x/a.txt', 'file'],
    ['data/*.csv', 'data/a.csv', 'ignored'],
    ['*.{csv,txt}', 'data/a.txt', 'file'],
  ])('the pattern %s, matched below the folder: %s is %s', (file_pattern, key, choice) => {
    expect(choose({ file_pattern }, key)).toBe(choice)
  })

  test('with the whole bucket the pattern is matched on the whole key', () => {
    expect(choose({ path_prefix: '/', file_pattern: 'data/*.csv' }, 'data/a.csv')).toBe('file')
  })

  test.each([
    ['2026-01-01', Date.UTC(2026, 0, 1), 'file'],
    ['2026-01-01', Date.UTC(2026, 0, 1) - 1, 'ignored'],
    ['2026-01-01T00:00:00+02:00', Date.UTC(2025, 11, 31, 22), 'file'],
    ['2026-01-01T00:00:00+02:00', Date.UTC(2025, 11, 31, 22) - 1, 'ignored'],
  ])('start_date %s: a file modified at %d is %s', (start_date, modifiedMs, choice) => {
    expect(choose({ start_date }, 'data/a.csv', modifiedMs)).toBe(choice)
  })

  test('what consoles leave where a folder was made is a marker, not a file and not ignored', () => {
    expect(choose({}, 'data/sub/', 0, 0)).toBe('marker')
    expect(choose({}, 'data/', 0, 0)).toBe('marker')
  })

  test('a part of the files is told by the digest of the key, of files only', () => {
    // SHA-256 of "data/a.csv" begins with 6079cfbce3af: 3 more than a multiple of 4.
    for (const index of [0, 1, 2, 3])
      expect(choose({ partition: { index, count: 4 } }, 'data/a.csv')).toBe(index === 3 ? 'file' : 'others')
    expect(choose({ partition: { index: 0, count: 1 } }, 'data/a.csv')).toBe('file')
    expect(choose({ partition: { index: 0, count: 4 } }, 'data/sub/', 0, 0)).toBe('marker')
  })

  test('an empty file is a file', () => {
    expect(choose({}, 'data/empty.csv', 0, 0)).toBe('file')
  })
})
