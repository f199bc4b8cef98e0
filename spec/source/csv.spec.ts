import fc from 'fast-check'
import { chaos, csvFile, cut, cuts, read, readText } from '../support/csv'
import { lawLater } from '../support/laws'

const DAMAGED = { code: 'FILE_DAMAGED' }
const MEBIBYTE = 1_048_576

describe('rowsOf: laws', () => {
  test('the cells of any file come back, each row with the byte after it, wherever the bytes are cut', async () => {
    await lawLater([csvFile, cuts], async ({ bytes, rows, ends }, places) => {
      const reading = await read(cut(bytes, places))
      expect(reading).toMatchObject({ rows, left: undefined })
      expect(reading.ends).toEqual(ends)
      expect(reading.suspect).not.toContain(true)
    })
  })

  test('any bytes, CSV or not, are read alike however they are cut', async () => {
    await lawLater([chaos, cuts], async (bytes, places) => {
      const [whole, inPieces] = [await read([bytes]), await read(cut(bytes, places))]
      expect(inPieces.rows).toEqual(whole.rows)
      expect(inPieces.ends).toEqual(whole.ends)
      expect(inPieces.left).toEqual(whole.left)
    })
  })

  test('reading on from the end of any row gives exactly the rows after it', async () => {
    await lawLater(
      [
        fc.oneof(
          csvFile,
          chaos.map((bytes) => ({ bytes })),
        ),
        cuts,
      ],
      async ({ bytes }, places) => {
        const whole = await read([bytes])
        for (const [i, end] of whole.ends.entries()) {
          const rest = await read(cut(bytes.subarray(end), places), end)
          expect(rest.rows).toEqual(whole.rows.slice(i + 1))
          expect(rest.ends).toEqual(whole.ends.slice(i + 1))
          expect(rest.left).toEqual(whole.left)
        }
      },
      100,
    )
  })

  test('a row with a byte that is no UTF-8 is in a suspect chunk, wherever the bytes are cut', async () => {
    await lawLater(
      [csvFile, cuts, fc.nat(), fc.constantFrom(0xff, 0xc3, 0xe2, 0x80)],
      async (file, places, at, bad) => {
        const place = at % (file.bytes.length + 1)
        const bytes = Buffer.concat([file.bytes.subarray(0, place), Buffer.from([bad]), file.bytes.subarray(place)])
        const { rows, suspect } = await read(cut(bytes, places))
        for (const [i, cells] of rows.entries()) if (cells.join('').includes('\uFFFD')) expect(suspect[i]).toBe(true)
      },
    )
  })
})

describe('rowsOf: byte order mark, blank lines, quotes', () => {
  test('a byte order mark is no part of the first cell, and counts as bytes', async () => {
    expect(await readText('\uFEFFa,b\n1,2\n')).toMatchObject({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      ends: [7, 11],
    })
    expect((await readText('\uFEFF"a",b\n')).rows).toEqual([['a', 'b']])
  })

  test('a byte order mark further on is text', async () => {
    expect((await readText('\uFEFFb\n', 100)).rows).toEqual([['\uFEFFb']])
  })

  test.each(['', '\uFEFF', '\n', '\r\n\r\n', '\uFEFF\n\n\n'])('%j has no rows and no fault', async (text) => {
    expect(await readText(text)).toEqual({ rows: [], ends: [], suspect: [], left: undefined })
  })

  test('the last line may lack its end', async () => {
    expect(await readText('a,b\n1,2')).toMatchObject({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      ends: [4, 7],
    })
  })

  test.each([
    ['a stray quote inside a cell is text', '5" pipe,x\n', ['5" pipe', 'x']],
    ['quotes are doubled inside quotes', '"say ""hi""",x\n', ['say "hi"', 'x']],
    ['commas and line ends inside quotes are text', '"a,\r\nb",x\n', ['a,\r\nb', 'x']],
    ['space is kept', ' a , b \n', [' a ', ' b ']],
    ['a quote after a space is text', ' "a",x\n', [' "a"', 'x']],
    ['empty cells are cells', ',,\n', ['', '', '']],
  ])('%s', async (_, text, cells) => {
    expect((await readText(text)).rows).toEqual([cells])
  })

  test('rows need not be of one length', async () => {
    expect((await readText('a,b,c\n1\n1,2,3,4\n')).rows.map((cells) => cells.length)).toEqual([3, 1, 4])
  })
})

describe('rowsOf: damage', () => {
  test('a quote that is never closed ends the rows as FILE_DAMAGED after the good ones, and says where', async () => {
    const { rows, ends, left } = await readText('a,b\n1,2\n3,"4\n5,6\n')
    expect(rows).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(ends).toEqual([4, 8])
    expect(left).toMatchObject({ ...DAMAGED, detail: expect.stringContaining('after byte 8') as string })
  })

  test('the damage names no cell', async () => {
    const { left } = await readText('a\n"jane@example.com\n')
    expect(left).toMatchObject(DAMAGED)
    expect(JSON.stringify(left)).not.toContain('jane')
  })

  test('a row over 4 MiB is damage, not memory; the rows before it are good', async () => {
    const piece = Buffer.alloc(MEBIBYTE, 'x')
    const { rows, left } = await read([Buffer.from('a,b\n'), Buffer.from('1,"2'), piece, piece, piece, piece, piece])
    expect(rows).toEqual([['a', 'b']])
    expect(left).toMatchObject(DAMAGED)
  })

  test('a piece of many rows may be larger than a row', async () => {
    const { rows, left } = await read([Buffer.alloc(5 * MEBIBYTE, `a,${'x'.repeat(1021)}\n`)])
    expect({ rows: rows.length, left }).toEqual({ rows: 5 * 1024, left: undefined })
  })

  // A row is what may be too long; lines that are none are not added up to one.
  test('megabytes of blank lines are no rows and no damage', async () => {
    const blank = Buffer.alloc(MEBIBYTE, '\n')
    const { rows, left } = await read([Buffer.from('a,b\n'), ...Array<Buffer>(5).fill(blank)])
    expect({ rows, left }).toEqual({ rows: [['a', 'b']], left: undefined })
  })

  test('a Left of the bytes is passed on, and ends the rows; those before it can be read on from', async () => {
    const bytes = Buffer.from('a,b\n1,2\n3,4\n5,')
    const { rows, ends, left } = await read([bytes, 'broken'])
    expect(left).toBe('broken')
    const rest = await read([bytes.subarray(ends.at(-1))], ends.at(-1))
    expect([...rows, ...rest.rows]).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', ''],
    ])
    expect(await read(['broken'])).toMatchObject({ rows: [], left: 'broken' })
  })
})

describe('rowsOf: encodings and foreign formats', () => {
  test('windows-1252 bytes are suspect and show as U+FFFD', async () => {
    const { rows, suspect } = await read([Buffer.from('name\nM\xfcller\n', 'latin1')])
    expect(rows).toEqual([['name'], ['M\uFFFDller']])
    expect(suspect).toEqual([true, true])
  })

  test('a file that is cut off inside a character is suspect', async () => {
    const { suspect } = await read([Buffer.from('a\n'), Buffer.from('Zoë').subarray(0, 3)])
    expect(suspect).toEqual([false, true])
  })

  test('U+FFFD that stands in the file is not suspect', async () => {
    expect((await readText('a\n\uFFFD\n')).suspect).toEqual([false, false])
  })

  const FOREIGN: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
    ['gzip', [0x1f, 0x8b, 0x08, 0x00]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['Excel', [0x50, 0x4b, 0x03, 0x04]],
    ['PDF', [0x25, 0x50, 0x44, 0x46]],
    ['Parquet', [0x50, 0x41, 0x52, 0x31]],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
    ['UTF-16', [0xfe, 0xff, 0x00, 0x61]],
  ]

  test.each(FOREIGN)('%s is FILE_UNREADABLE, by its name', async (name, bytes) => {
    expect(await read([Buffer.from([...bytes, 0x0a])])).toMatchObject({
      rows: [],
      left: { code: 'FILE_UNREADABLE', detail: expect.stringContaining(name) as string },
    })
  })

  // The first piece of a body may be of any length.
  test.each(FOREIGN)('%s is known if its signature comes in pieces', async (_, bytes) => {
    const { left } = await read([...bytes, 0x0a].map((byte) => Buffer.from([byte])))
    expect(left).toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test('the same bytes further on in a file are text', async () => {
    expect((await readText('PAR1,x\n', 100)).rows).toEqual([['PAR1', 'x']])
    expect((await readText('a\nPK\u0003\u0004\n')).rows).toEqual([['a'], ['PK\u0003\u0004']])
  })
})
