import { compressionOf, foreignFormat } from '../../src/source/signature'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('foreignFormat', () => {
  test.each([
    ['PK\u0003\u0004\0\0[Content_Types].xml', 'it is an Excel workbook: save it as "CSV UTF-8"'],
    ['PK\u0003\u0004\0\0sales.csv', 'it is a zip archive: unpack it, and upload the CSV files'],
    ['%PDF-1.7', 'it is a PDF: export it as CSV'],
    ['PAR1\u0015', 'it is a Parquet file: export it as CSV'],
    ['Obj\u0001', 'it is an Avro file: export it as CSV'],
    ['ORC\n\u0011\0', 'it is an ORC file: export it as CSV'],
    ['BZh91AY&SY', 'it is compressed with bzip2: unpack it, and upload it as it is or compressed with gzip or zstd'],
    ['\u00fd7zXZ\0', 'it is compressed with xz: unpack it, and upload it as it is or compressed with gzip or zstd'],
    ["7z\u00bc\u00af'\u001c", 'it is a 7z archive: unpack it, and upload the CSV files'],
    ['\n <html>', 'it is HTML or XML: export it as CSV'],
    ['\u00ef\u00bb\u00bf{"a": 1}', 'it is JSON: export it as CSV'],
    ['[ {"a": 1} ]', 'it is JSON: export it as CSV'],
  ])('%j is told', (start, detail) => {
    expect(foreignFormat(bytes(start), 'none')).toEqual({ code: 'FILE_UNREADABLE', detail })
  })

  test.each([
    'event_name,email\n',
    '',
    '[Order No],email\n',
    '{id},email\n',
    'ORCID,email\n',
    'BZhang,email\n',
    'PK,x\n',
  ])('%j is a header, or nothing', (start) => {
    expect(foreignFormat(bytes(start), 'none')).toBeUndefined()
  })

  test('what lies in an archive is told as such', () => {
    expect(foreignFormat(bytes('%PDF-1.7'), 'gzip')?.detail).toBe('its archive holds a PDF: export it as CSV')
    expect(foreignFormat(bytes('\u001f\u008b\u0008'), 'gzip')?.detail).toBe(
      'its archive holds another archive: compress it once',
    )
  })
})

describe('compressionOf', () => {
  test.each([
    ['1f8b08', 'gzip'],
    ['28b52ffd', 'zstd'],
    ['502a4d18', 'zstd'],
    ['5f2a4d18', 'zstd'],
    ['602a4d18', 'none'],
    ['28b52f', 'none'],
    ['1f', 'none'],
    ['', 'none'],
    ['6576656e74', 'none'],
  ])('%s is %s', (hex, compression) => {
    expect(compressionOf(Buffer.from(hex, 'hex'))).toBe(compression)
  })
})
