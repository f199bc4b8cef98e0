import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import {
  CSV,
  JSONL,
  type Reject,
  fileName,
  folderOf,
  keyIn,
  tagOf,
} from '../../../src/destination/delivery/reject-file'
import { law } from '../../support/laws'

const WHOLE: Reject = {
  code: 'REFUSED_BY_PLATFORM',
  message: 'properties.value is "too large", it says',
  stream: 'orders',
  namespace: 'shop',
  record: 7,
  file: 'data/a.csv',
  row: 3,
  column: 'value',
  transactionId: '0042',
  eventName: 'Purchase',
  requestId: '2026',
}

const LEAST: Reject = {
  ...{ code: 'EVENT_TOO_OLD', message: 'm', stream: 'orders', namespace: undefined, record: 1, file: undefined },
  ...{ row: undefined, column: undefined, transactionId: undefined, eventName: undefined, requestId: undefined },
}

const NAMES = 'code,message,stream,namespace,record,file,row,column,transaction_id,event_name,request_id'.split(',')

const absent = <A>(some: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> => fc.option(some, { nil: undefined })
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const anyReject: fc.Arbitrary<Reject> = fc.record({
  ...{ code: text, message: text, stream: text, namespace: absent(text), record: fc.nat(), file: absent(text) },
  ...{ row: absent(fc.nat()), column: absent(text), transactionId: absent(text) },
  ...{ eventName: absent(text), requestId: absent(text) },
})

const valuesOf = (reject: Reject): ReadonlyArray<string | number | undefined> => [
  ...[reject.code, reject.message, reject.stream, reject.namespace, reject.record, reject.file, reject.row],
  ...[reject.column, reject.transactionId, reject.eventName, reject.requestId],
]

describe('JSON Lines', () => {
  test('a reject is a compact object; what is absent is left out', () => {
    expect([JSONL.head, JSONL.line(WHOLE), JSONL.line(LEAST)]).toEqual([
      '',
      '{"code":"REFUSED_BY_PLATFORM","message":"properties.value is \\"too large\\", it says","stream":"orders","namespace":"shop","record":7,"file":"data/a.csv","row":3,"column":"value","transaction_id":"0042","event_name":"Purchase","request_id":"2026"}\n',
      '{"code":"EVENT_TOO_OLD","message":"m","stream":"orders","record":1}\n',
    ])
  })

  test('every reject is one line that says all of it', () => {
    law([anyReject], (reject) => {
      const line = JSONL.line(reject)
      expect(line.indexOf('\n')).toBe(line.length - 1)
      const row = JSON.parse(line) as Readonly<Record<string, unknown>>
      expect(NAMES.map((name) => row[name])).toEqual(valuesOf(reject))
    })
  })
})

describe('CSV', () => {
  test('has a header, and a cell for each of its names', () => {
    expect([CSV.head, CSV.line(WHOLE), CSV.line(LEAST)]).toEqual([
      `${NAMES.join(',')}\n`,
      'REFUSED_BY_PLATFORM,"properties.value is ""too large"", it says",orders,shop,7,data/a.csv,3,value,0042,Purchase,2026\n',
      'EVENT_TOO_OLD,m,orders,,1,,,,,,\n',
    ])
  })

  test('every reject is one record that says all of it', () => {
    law([anyReject], (reject) => {
      const [header, cells] = parse(CSV.head + CSV.line(reject), { record_delimiter: '\n' })
      expect(header).toEqual(NAMES)
      const texts = valuesOf(reject).map((value) => (value === undefined ? '' : String(value)))
      // The apostrophe before what could be a formula.
      expect(cells?.map((cell, i) => (texts[i] === cell ? cell : cell.slice(1)))).toEqual(texts)
    })
  })

  test.each(['=1+1', '+1', '-1', '@SUM(1)', '\tx', '\rx'])('no spreadsheet takes %j for a formula', (stream) => {
    expect(CSV.line({ ...LEAST, stream })).toContain(`'${stream}`)
  })
})

describe('folderOf', () => {
  test.each([
    ['rejected', 17, 'shop', 'orders', 'rejected/17/shop/orders/'],
    ['/a b/c/', 17, 'shop', 'orders', 'a b/c/17/shop/orders/'],
    ['rejected', undefined, undefined, 'orders', 'rejected/orders/'],
    ['rejected', 0, '', 'orders', 'rejected/0/orders/'],
    ['/', 17, undefined, 'orders', '17/orders/'],
    ['', undefined, undefined, 'orders', 'orders/'],
    ['rejected', 17, '../..', 'a/b', 'rejected/17/..%2F../a%2Fb/'],
    ['rejected', 17, '..', '.', 'rejected/17/%2E%2E/%2E/'],
    ['rejected', 17, 'a\nb', '100%', 'rejected/17/a%0Ab/100%25/'],
  ])('of %j, sync %j, %j and %j is %j', (path, syncId, namespace, stream, folder) => {
    expect(folderOf(path, syncId, namespace, stream)).toBe(folder)
  })

  const name = fc.string({ unit: fc.constantFrom('a', '.', '/', '%', '2', 'F', 'E', '\n', 'ü'), maxLength: 6 })

  test('no name leads out of its folder, and no two names into one', () => {
    law([name, name, fc.string({ unit: 'binary', maxLength: 6 })], (one, other, wild) => {
      const folders = [one, other, wild].map((stream) => folderOf('rejected', 17, 'shop', `s${stream}`))
      for (const folder of folders) expect(folder.split('/').length).toBe(5)
      expect(folders[0] === folders[1]).toBe(one === other)
      const segments = folderOf('rejected', 17, one, other).split('/')
      expect(segments).not.toContain('.')
      expect(segments).not.toContain('..')
      expect(() => encodeURIComponent(folders[2] ?? '')).not.toThrow()
    })
  })
})

test('files of a run are told apart by their number, and from those of another attempt by its start', () => {
  const startMs = Date.UTC(2026, 0, 31, 23, 59, 59, 999)
  expect([fileName({ startMs, tag: 'k3x9ab' }, 1, JSONL), fileName({ startMs, tag: 'k3x9ab' }, 12, CSV)]).toEqual([
    `2026_01_31_${startMs}_1_k3x9ab.jsonl`,
    `2026_01_31_${startMs}_12_k3x9ab.csv`,
  ])
})

test('a key right in the folder', () => {
  expect([keyIn('/a/b/', '.check'), keyIn('', '.check')]).toEqual(['a/b/.check', '.check'])
})

test('the tag of a run is six letters or digits, whatever chance gives', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) =>
      /^[0-9a-z]{6}$/.test(tagOf(random)),
    ),
  )
})
