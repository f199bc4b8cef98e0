import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { DELIMITERS, ENCODINGS, type Encoding } from '../../src/source/dialect'
import { chaos, csvFile, cut, cuts, encoded, read, readFrom, readText } from '../support/csv'
import { lawLater } from '../support/laws'

const MEBIBYTE = 1_048_576

const PLAIN = { compression: 'none', encoding: 'utf-8', delimiter: ',' } as const

describe('rowsOf: laws', () => {
  test('the cells of any file come back, each row with the byte after it, wherever the bytes are cut', async () => {
    await lawLater([csvFile, cuts], async ({ bytes, rows, ends, form }, places) => {
      const reading = await read(cut(bytes, places))
      expect(reading).toEqual({ rows, ends, form, faults: rows.map(() => undefined), left: undefined })
    })
  })

  const settings = fc.record({
    maxRowBytes: fc.integer({ min: 1, max: 40 }),
    encoding: fc.constantFrom('auto' as const, 'auto' as const, ...ENCODINGS),
    delimiter: fc.constantFrom('auto' as const, 'auto' as const, ...DELIMITERS),
  })

  test('the cells of Windows-1252 come back, wherever the bytes are cut', async () => {
    const cell = fc
      .array(fc.constantFrom('a', '€', 'ü', '"', ',', '\n', ' '), { maxLength: 5 })
      .map((one) => one.join(''))
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    await lawLater([rows, cuts], async (expected, places) => {
      const lines = expected.map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
      const bytes = encoded(`${lines.join('\r\n')}\r\n`, 'windows-1252')
      const reading = await read(cut(bytes, places), { encoding: 'windows-1252', delimiter: ',' })
      expect(reading.rows).toEqual(expected)
      expect(reading.ends.at(-1)).toBe(bytes.length)
      expect(reading.faults.every((fault) => fault === undefined)).toBe(true)
    })
  })

  test('any bytes, CSV or not, are read alike however they are cut, and to their end', async () => {
    await lawLater(
      [chaos, cuts, settings],
      async (bytes, places, limit) => {
        const [whole, inPieces] = [await read([bytes], limit), await read(cut(bytes, places), limit)]
        expect(inPieces).toEqual(whole)
        expect(whole.left).toBeUndefined()
        expect([...whole.ends].sort((a, b) => a - b)).toEqual(whole.ends)
        expect(whole.ends.at(-1) ?? 0).toBeLessThanOrEqual(bytes.length)
        for (const [i, end] of whole.ends.entries()) {
          const start = whole.ends[i - 1] ?? 0
          const fault = whole.faults[i]
          // No row is longer than it may be, but for line ends before it and the rest of a line that was given up.
          const row = bytes
            .subarray(start, end)
            .toString('latin1')
            .replace(/^\xff\xfe|^\xfe\xff|^[\r\n\0]+/, '')
          if (fault === undefined || fault === 'BAD_ENCODING')
            expect(row.replace(/^[\r\n\0]+/, '').length).toBeLessThanOrEqual(2 * limit.maxRowBytes)
        }
      },
      1000,
    )
  })

  test('reading on from the end of any row gives exactly the rows after it', async () => {
    await lawLater(
      [
        fc.oneof(
          csvFile,
          chaos.map((bytes) => ({ bytes })),
        ),
        cuts,
        settings,
      ],
      async ({ bytes }, places, setting) => {
        const { maxRowBytes } = setting
        const whole = await read([bytes], setting)
        const { form } = whole
        if (form === undefined) return
        for (const [i, end] of whole.ends.entries()) {
          const rest = await readFrom(
            cut(form.compression === 'none' ? bytes.subarray(end) : bytes, places),
            form,
            end,
            maxRowBytes,
          )
          expect(rest).toEqual({
            rows: whole.rows.slice(i + 1),
            ends: whole.ends.slice(i + 1),
            faults: whole.faults.slice(i + 1),
            form: i === whole.ends.length - 1 ? undefined : form,
            left: whole.left,
          })
        }
      },
      300,
    )
  })

  test('of a damaged archive the rows before the damage come, wherever it is', async () => {
    await lawLater([csvFile, fc.nat(), fc.boolean()], async (file, place, isCutOff) => {
      const content = file.form.compression === 'gzip' ? file.bytes : gzipSync(file.bytes)
      const at = place % content.length
      const bytes = isCutOff ? content.subarray(0, at) : Buffer.from(content)
      if (!isCutOff) bytes[at] = (bytes[at] ?? 0) ^ 0xff
      const { rows, left } = await read([bytes])
      if (left === undefined || bytes.length < 2) return
      expect(left).toMatchObject({ code: 'FILE_DAMAGED' })
      if (isCutOff) expect(rows).toEqual(file.rows.slice(0, rows.length))
    })
  })

  test('exactly the rows that hold a byte which is no UTF-8 are BAD_ENCODING, wherever the bytes are cut', async () => {
    const text = csvFile.filter(({ form }) => form.encoding === 'utf-8' && form.compression === 'none')
    await lawLater([text, cuts, fc.nat(), fc.constantFrom(0xff, 0xc3, 0xf0)], async (file, places, at, bad) => {
      const start = file.ends[0] ?? 0
      const place = start + (at % (file.bytes.length - start + 1))
      const bytes = Buffer.concat([file.bytes.subarray(0, place), Buffer.from([bad]), file.bytes.subarray(place)])
      const { rows, faults } = await read(cut(bytes, places), { encoding: 'utf-8' })
      for (const [i, cells] of rows.entries())
        if (faults[i] !== 'QUOTE_UNCLOSED')
          expect(faults[i]).toBe(cells.join('').includes('\uFFFD') ? 'BAD_ENCODING' : undefined)
    })
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
    const { rows } = await readFrom([Buffer.from('\uFEFFb\n')], PLAIN, 100)
    expect(rows).toEqual([['\uFEFFb']])
  })

  test.each(['', '\uFEFF', '\n', '\r\n\r\n', '\uFEFF\n\n\n'])('%j has no rows and no fault', async (text) => {
    expect(await readText(text)).toEqual({ rows: [], ends: [], faults: [], form: undefined, left: undefined })
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

  test('rows of another length than the header cost about what others do', async () => {
    const msOf = async (header: string): Promise<number> => {
      const bytes = Buffer.from(`${header}\n${'1,2\n'.repeat(100_000)}`)
      const startMs = performance.now()
      expect((await read([bytes])).rows.length).toBe(100_001)
      return performance.now() - startMs
    }
    await msOf('a,b')
    const evenMs = await msOf('a,b')
    expect(await msOf('a,b,c')).toBeLessThan(8 * evenMs)
  })
})

describe('rowsOf: separators', () => {
  const header = async (text: string, delimiter: 'auto' | ',' = 'auto') => (await readText(text, { delimiter })).rows[0]

  test.each([
    ['commas', 'a,b,c\n', ['a', 'b', 'c']],
    ['semicolons', 'a;b;c\n', ['a', 'b', 'c']],
    ['tabs', 'a\tb\tc\n', ['a', 'b', 'c']],
    ['bars', 'a|b|c\n', ['a', 'b', 'c']],
    ['semicolons, with commas inside quotes', '"x,y,z,w";a;b\n', ['x,y,z,w', 'a', 'b']],
    ['commas, with semicolons inside unknown names', 'a,b,xx;yy;zz;ww;vv\n', ['a', 'b', 'xx;yy;zz;ww;vv']],
    ['commas, with a quote that stands in a cell', 'a,x" ;y,b\n', ['a', 'x" ;y', 'b']],
    ['bars after blank lines', '\n \na|b\n', [' ']],
    ['of an unknown header, what makes the most cells', 'xx,yy;zz;ww\n', ['xx,yy', 'zz', 'ww']],
    ['of one column', 'a\n1;2\n', ['a']],
    ["by Excel's line", 'sep=;\nx,y;z\n', ['x,y', 'z']],
    ["by Excel's line in quotes", '"sep=^"\r\na^b\r\n', ['a', 'b']],
    ["by Excel's line after a byte order mark", '\uFEFFSEP=\t\na\tb\n', ['a', 'b']],
    ["by Excel's line, saved again with its empty cells", 'sep=;;;;\na;b\n', ['a', 'b']],
    ["by Excel's line, saved again with its hundred empty cells", `sep=;${';'.repeat(100)}\r\na;b\r\n`, ['a', 'b']],
    ["by Excel's line and a space", 'sep=; \na;b\n', ['a', 'b']],
    ["by Excel's line, of more than one byte", 'sep=§\na§b\n', ['a', 'b']],
  ])('%s', async (_, text, cells) => {
    expect(await header(text)).toEqual(cells)
  })

  test('one that is set is not looked for', async () => {
    expect(await header('a;b;x,y\n', ',')).toEqual(['a;b;x', 'y'])
    expect(await header('sep=;\na;b,c\n', ',')).toEqual(['a;b', 'c'])
  })

  test("Excel's line may say a character that only Windows-1252 has", async () => {
    const { rows } = await read([encoded('sep=€\na€"b€c"\n', 'windows-1252')])
    expect(rows).toEqual([['a', 'b€c']])
  })

  test("Excel's line counts as bytes, and only as the first line", async () => {
    expect((await readText('\uFEFFsep=;\na;b\nsep=;\n')).ends).toEqual([13, 19])
    expect((await readText('sep=;')).rows).toEqual([])
  })
})

describe('rowsOf: quotes that are never closed, and rows that are too long', () => {
  test.each([
    ['a quote up to the end', 'a,b\n1,"2\n3,4\n5,6', ['3,4', '5,6']],
    ['a quote in the last line', 'a,b\n1,2\n3,"4', ['1,2', undefined]],
    ['a quote in the last line, which ends', 'a,b\n1,2\n3,"4\n', ['1,2', undefined]],
    ['a second quote in the same row', 'a,b\n"1\n2","3\n4,5\n', [undefined, '4,5']],
    ['another one further on', 'a,b\n1,"2\n3,4\n', [undefined, '3,4']],
    ['lines that end in CR', 'a,b\r1,"2\r3,4\r', [undefined, '3,4']],
    ['lines that end in CRLF', 'a,b\r\n1,"2\r\n3,4\r\n', [undefined, '3,4']],
  ])('%s is QUOTE_UNCLOSED, and the lines after it are read', async (_, text, expected) => {
    const { rows, faults, left } = await readText(text)
    const told = rows.slice(1).map((cells, i) => (faults[i + 1] === undefined ? cells.join(',') : undefined))
    expect(told.filter((row) => row !== undefined)).toEqual(expected.filter((row) => row !== undefined))
    expect(faults.filter((fault) => fault !== undefined)).toEqual(['QUOTE_UNCLOSED'])
    expect(left).toBeUndefined()
  })

  test.each([
    ['a quoted cell', 'a,b\n1,"2\n3,4\n5,"6"\n', [undefined, 'QUOTE_UNCLOSED', undefined, undefined]],
    ['a stray quote', 'a,b\n1,"2\n3,4\n5,6" x\n', [undefined, 'QUOTE_UNCLOSED', undefined, undefined]],
    [
      'a quoted cell with a separator',
      'a,b\n1,"2\n3,4\n5,"6,7"\n',
      [undefined, 'QUOTE_UNCLOSED', undefined, undefined],
    ],
    ['cells all quoted', '"a","b"\n"1","2\n"3","4"\n', [undefined, 'QUOTE_UNCLOSED', undefined]],
    ['cells all quoted, with CR', '"a","b"\r"1","2\r"3","4"\r', [undefined, 'QUOTE_UNCLOSED', undefined]],
  ])('a quote that is left open and meets %s is QUOTE_UNCLOSED, and no line is swallowed', async (_, text, faults) => {
    expect((await readText(text)).faults).toEqual(faults)
  })

  test.each([
    ['spaces behind a quoted cell of two lines', 'a,b\n"1\n2" ,3\n', 2],
    ['doubled quotes in it', 'a,b\n"1\n""2""",3\n', 2],
    ['one at the end', 'a,b\n3,"1\n2"\n4,5', 3],
  ])('%s are no fault', async (_, text, rows) => {
    const found = await readText(text)
    expect(found.faults).toEqual(Array.from({ length: rows }, () => undefined))
  })

  const LIMIT = { maxRowBytes: 10 }

  test.each([
    ['a row of just so many bytes is one', 'a,b\n12345,678\n1,2\n', [undefined, undefined, undefined]],
    ['one more is ROW_TOO_LONG', 'a,b\n12345,6789\n1,2\n', [undefined, 'ROW_TOO_LONG', undefined]],
    ['far more too', `a,b\n1,${'x'.repeat(99)}\n1,2\n`, [undefined, 'ROW_TOO_LONG', undefined]],
    ['in the last line', 'a,b\n12345,67890', [undefined, 'ROW_TOO_LONG']],
    ['inside quotes it is QUOTE_UNCLOSED', 'a,b\n1,"2345678"\n1,2\n', [undefined, 'QUOTE_UNCLOSED', undefined]],
    ['blank lines do not count', `a,b\n${'\n'.repeat(30)}1,2\n`, [undefined, undefined]],
    ['a quoted row that is closed in time', 'a,b\n"1","2"x89012\n1,2\n', [undefined, 'ROW_TOO_LONG', undefined]],
    [
      'lines inside a quoted cell that is too long are read as rows',
      'a,b\n1,"2\n3,4\n5,6\n7,8"\n9,0\n',
      [undefined, 'QUOTE_UNCLOSED', undefined, undefined, undefined, undefined],
    ],
  ])('%s', async (_, text, faults) => {
    expect((await readText(text, LIMIT)).faults).toEqual(faults)
  })

  test('the fault holds no cell', async () => {
    const { rows } = await readText('a\n"jane@example.com\n')
    expect(rows).toEqual([['a'], []])
  })

  test('a quote over 4 MiB is no matter of memory, and the rows around it are read', async () => {
    const line = Buffer.alloc(MEBIBYTE, `1,${'x'.repeat(1021)}\n`)
    const { rows, faults } = await read([Buffer.from('a,b\n1,"2\n'), line, line, line, line, line])
    expect(rows.length).toBe(2 + 5 * 1024)
    expect(faults.findIndex((fault) => fault !== undefined)).toBe(1)
    expect(faults.filter((fault) => fault !== undefined)).toEqual(['QUOTE_UNCLOSED'])
  })

  test('a line of 100 MiB is skipped without being held', async () => {
    const piece = Buffer.alloc(MEBIBYTE, 'x')
    const { rows, ends } = await read([Buffer.from('a,b\n'), ...Array<Buffer>(100).fill(piece), Buffer.from('\n1,2\n')])
    expect(rows).toEqual([['a', 'b'], [], ['1', '2']])
    expect(ends).toEqual([4, 100 * MEBIBYTE + 5, 100 * MEBIBYTE + 9])
  })

  test('a piece of many rows may be larger than a row', async () => {
    const { rows, left } = await read([Buffer.alloc(5 * MEBIBYTE, `a,${'x'.repeat(1021)}\n`)])
    expect({ rows: rows.length, left }).toEqual({ rows: 5 * 1024, left: undefined })
  })

  // A row is what may be too long; lines that are none are not added up to one.
  test('megabytes of blank lines are no rows and no fault', async () => {
    const blank = Buffer.alloc(MEBIBYTE, '\n')
    const { rows, left } = await read([Buffer.from('a,b\n'), ...Array<Buffer>(5).fill(blank)])
    expect({ rows, left }).toEqual({ rows: [['a', 'b']], left: undefined })
  })

  test.each([
    ['quotes that open in every line', 'a"b,"c\n'],
    ['quotes that open and close over lines', '"a\n'],
    ['doubled quotes', '""a,""\n'],
    ['quotes that meet another one', '1,"2\n3,4" x\n'],
  ])('a file full of %s takes time in proportion to its size', async (_, line) => {
    const bytes = Buffer.alloc(MEBIBYTE / 8, line)
    const startMs = performance.now()
    await read([bytes], { maxRowBytes: 65_536 })
    expect(performance.now() - startMs).toBeLessThan(20_000)
  })
})

describe('rowsOf: a Left of the bytes', () => {
  test('is passed on, and ends the rows; those before it can be read on from', async () => {
    const bytes = Buffer.from('a,b\n1,2\n3,4\n5,')
    const { rows, ends, left } = await read([bytes, 'broken'])
    expect(left).toBe('broken')
    const rest = await readFrom([bytes.subarray(ends.at(-1))], PLAIN, ends.at(-1) ?? 0)
    expect([...rows, ...rest.rows]).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', ''],
    ])
    expect(await read(['broken'])).toMatchObject({ rows: [], left: 'broken' })
  })

  test.each(['3', '"', '"3', '3,"4', '3,"4\n'])('rows before a broken %j are whole', async (open) => {
    const { rows, left } = await read([Buffer.from(`a,b\n1,2\n${open}`), 'broken'])
    expect({ rows, left }).toEqual({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      left: 'broken',
    })
  })
})

describe('rowsOf: encodings', () => {
  const TEXT = 'a,b\nMüller,12 €\n'

  test.each<[Encoding, 'auto' | Encoding, string]>([
    ['utf-8', 'auto', ''],
    ['utf-8', 'auto', '\uFEFF'],
    ['utf-16le', 'auto', '\uFEFF'],
    ['utf-16be', 'auto', '\uFEFF'],
    ['windows-1252', 'auto', ''],
    ['utf-8', 'utf-8', '\uFEFF'],
    ['utf-16le', 'utf-16le', ''],
    ['utf-16le', 'utf-16le', '\uFEFF'],
    ['utf-16be', 'utf-16be', ''],
    ['windows-1252', 'windows-1252', ''],
  ])('%s is read by %s, with the mark %j', async (encoding, setting, mark) => {
    const bytes = encoded(`${mark}${TEXT}`, encoding)
    const { rows, ends, form } = await read([bytes], { encoding: setting })
    expect(rows).toEqual([
      ['a', 'b'],
      ['Müller', '12 €'],
    ])
    expect(ends.at(-1)).toBe(bytes.length)
    expect(form?.encoding).toBe(encoding)
  })

  test('all of Windows-1252 but five bytes, which are characters nowhere', async () => {
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, i) => [0x80 + i, 0x0a]).flat())
    const { rows, faults } = await read([bytes], { encoding: 'windows-1252' })
    const bad = faults.flatMap((fault, i) => (fault === 'BAD_ENCODING' ? [0x80 + i] : []))
    expect(bad).toEqual([0x81, 0x8d, 0x8f, 0x90, 0x9d])
    for (const [byte, character] of Object.entries({
      0x80: '€',
      0x8a: 'Š',
      0x92: '’',
      0x96: '–',
      0x9e: 'ž',
      0x9f: 'Ÿ',
    }))
      expect(rows[Number(byte) - 0x80]).toEqual([character])
  })

  const line = Buffer.from('1,2345678901234567890123456789\n')
  const mebibyte = Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(MEBIBYTE, line)])

  test('what is no UTF-8 within the first MiB makes the file Windows-1252; after it, its row bad', async () => {
    const early = await read([Buffer.from('a,b\n'), Buffer.from([0xfc, 0x0a]), mebibyte])
    expect(early.form?.encoding).toBe('windows-1252')
    expect(early.rows[1]).toEqual(['ü'])
    const late = await read([mebibyte, Buffer.from([0x0a, 0xfc, 0x0a]), line])
    expect(late.form?.encoding).toBe('utf-8')
    expect(late.faults.flatMap((fault, i) => (fault === undefined ? [] : [[fault, late.rows.length - i]]))).toEqual([
      ['BAD_ENCODING', 2],
    ])
  })

  test('the first MiB alone says so, also where more came with it', async () => {
    const late = Buffer.concat([mebibyte, Buffer.from([0x0a, 0xfc, 0x0a])])
    for (const pieces of [[late], cut(late, [65_536 * 15 + 1, 1_048_580])])
      expect((await read(pieces)).form?.encoding).toBe('utf-8')
  })

  test('a character may be cut by the end of the first MiB', async () => {
    const bytes = Buffer.concat([mebibyte.subarray(0, MEBIBYTE - 1), Buffer.from('ü\n')])
    expect((await read([bytes])).form?.encoding).toBe('utf-8')
  })

  test('a small file that is cut off inside a character is no UTF-8', async () => {
    const { form } = await read([Buffer.from('a\n'), Buffer.from('Zoë').subarray(0, 3)])
    expect(form?.encoding).toBe('windows-1252')
  })

  test('half a pair and half a unit are BAD_ENCODING of their rows', async () => {
    const bytes = Buffer.concat([encoded('a\nx\uD800y\nz\n\uDC00\n\u{1F600}\n', 'utf-16le'), Buffer.from([0x41])])
    const { rows, ends, faults } = await read([bytes], { encoding: 'utf-16le' })
    expect(faults).toEqual([undefined, 'BAD_ENCODING', undefined, 'BAD_ENCODING', undefined, 'BAD_ENCODING'])
    expect(rows[4]).toEqual(['\u{1F600}'])
    expect(ends.at(-1)).toBe(bytes.length)
  })

  test('U+FFFD that stands in the file is a character', async () => {
    expect((await readText('a\n\uFFFD\n')).faults).toEqual([undefined, undefined])
  })
})
