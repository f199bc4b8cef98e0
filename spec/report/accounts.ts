import { type Figures, newGatherer, sampleOf } from '../../src/figures/figures'
import { emptyEvent } from '../../src/template/offline-event'
import type { SyncAccount } from '../../src/report/account'

/** When the shop's run ended: nothing of it depends on the day on which the tests run. */
export const ENDED_MS = Date.parse('2026-03-02T03:04:11.480Z')

const DAY_SECONDS = 86_400
const WINDOW = { pastSeconds: 28 * DAY_SECONDS, futureSeconds: 300 }

const NAMES: ReadonlyArray<readonly [string, string | undefined, number, number]> = [
  ['Purchase', 'EUR', 160, 7450],
  ['Purchase', 'GBP', 44, 6120],
  ['AddToCart', 'EUR', 90, 3100],
  ['Lead', undefined, 40, 0],
  ['Contact', undefined, 16, 0],
]

/** What a shop sold in four weeks: more at weekends, and more at the end of a month. */
const shopFigures = (): Figures => {
  const nowSeconds = Math.floor(ENDED_MS / 1000)
  const { add, addTime, figures } = newGatherer(nowSeconds, WINDOW)
  let n = 0
  for (let day = 0; day < 27; day++) {
    const weekday = new Date((nowSeconds - day * DAY_SECONDS) * 1000).getUTCDay()
    const trade = (weekday === 6 || weekday === 0 ? 1.7 : 1) * (day < 3 ? 1.3 : 1) * (1 + ((day * 7) % 5) / 12)
    for (const [name, currency, base, cents] of NAMES)
      for (let i = 0; i < Math.round(base * trade); i++) {
        const event_time = nowSeconds - day * DAY_SECONDS - ((i * 997) % 60_000) - 3600
        n++
        addTime(event_time)
        add(
          sampleOf(name, {
            ...emptyEvent(),
            event_name: name,
            event_time,
            ...(n % 10 < 8 ? { Email_hashed: 'e'.repeat(64) } : {}),
            ...(n % 10 > 4 ? { phone_e164_hashed: 'f'.repeat(64) } : {}),
            ...(currency === undefined ? {} : { currency, value: (cents + ((n * 37) % 4000)) / 100 }),
          }),
        )
      }
  }
  for (let i = 0; i < 41; i++) addTime(nowSeconds - (29 + (i % 9)) * DAY_SECONDS)
  for (let i = 0; i < 3; i++) addTime(nowSeconds + 7200)
  return figures()
}

/** A nightly run of a shop, with what such runs meet. */
export const shop = (): SyncAccount => {
  const figures = shopFigures()
  const { events } = figures
  const rejected: SyncAccount['rejected'] = [
    {
      code: 'VALUE_MALFORMED',
      count: 63,
      positions: Array.from({ length: 20 }, (_, i) => ({ file: STORES, row: 118 + i * 31, column: 'value' })),
    },
    {
      code: 'IDENTIFIER_MISSING',
      count: 22,
      positions: Array.from({ length: 20 }, (_, i) => ({
        file: i < 6 ? ONLINE : STORES,
        row: 40 + i * 57,
        column: undefined,
      })),
    },
    {
      code: 'EVENT_TOO_OLD',
      count: 41,
      positions: Array.from({ length: 20 }, (_, i) => ({ file: ONLINE, row: 2 + i, column: 'event_time' })),
    },
    {
      code: 'EVENT_IN_FUTURE',
      count: 3,
      positions: [9001, 9002, 9007].map((row) => ({ file: STORES, row, column: 'event_time' })),
    },
    { code: 'REFUSED_BY_PLATFORM', count: 2, positions: [{ file: ONLINE, row: 811, column: undefined }] },
  ]
  const lost = rejected.reduce((sum, { count }) => sum + count, 0)
  const duplicates = 12
  const rows = events - 2 + duplicates + lost
  const onlineRows = Math.floor(rows * 0.6)
  return {
    subject: 's3://acme-offline/tiktok/nightly',
    platform: 'tiktok',
    eventSet: '7312345678901234567',
    isTest: false,
    isDryRun: false,
    startedMs: ENDED_MS - 14_620,
    endedMs: ENDED_MS,
    outcome: { _tag: 'complete' },
    resumed: {
      savedAtMs: ENDED_MS - 14 * 3_600_000,
      filesDone: 58,
      filesOpen: [{ key: ONLINE, row: 4000 }],
    },
    files: [
      {
        key: ONLINE,
        bytes: 1_904_310,
        modifiedMs: ENDED_MS - 20 * 3_600_000,
        fromRow: 4001,
        rows: onlineRows,
        rejected: 49,
        outcome: { _tag: 'read' },
      },
      {
        key: STORES,
        bytes: 612_004,
        modifiedMs: ENDED_MS - 2 * 3_600_000,
        fromRow: 1,
        rows: rows - onlineRows,
        rejected: lost - 49,
        outcome: { _tag: 'read' },
      },
      {
        key: 'tiktok/nightly/2026-02-28-kiosk.csv',
        bytes: 0,
        modifiedMs: ENDED_MS - 2 * 3_600_000,
        fromRow: 1,
        rows: 0,
        rejected: 0,
        outcome: { _tag: 'read' },
      },
    ],
    moreFiles: 0,
    filesIgnored: 4,
    filesByCode: { FILE_ARCHIVED: 1 },
    rows,
    accepted: events - 2,
    duplicates,
    unsettled: 0,
    rejected,
    warnings: [
      {
        code: 'PHONE_COUNTRY_ASSUMED',
        count: 318,
        positions: Array.from({ length: 20 }, (_, i) => ({ file: STORES, row: 11 + i * 3, column: undefined })),
      },
      {
        code: 'EVENT_ID_CONFLICT',
        count: 4,
        positions: [
          { file: ONLINE, row: 5120, column: undefined, differsFrom: { file: ONLINE, row: 5119 } },
          { file: STORES, row: 77, column: undefined, differsFrom: { file: ONLINE, row: 6044 } },
        ],
      },
    ],
    platformMessages: [{ message: 'data.17.properties.currency: unsupported value', events: 2 }],
    maxRejectedPercent: 5,
    requests: 13,
    retries: 1,
    mostInFlight: 8,
    bytesRead: 2_516_314,
    peakRssBytes: 148_312_064,
    figures,
    unknownColumns: ['loyalty_tier', 'till'],
    nextSteps: [],
    remarks: ['tiktok/nightly/2026-02-28-kiosk.csv has no rows.'],
  }
}

const ONLINE = 'tiktok/nightly/2026-02-28-online-orders.csv'
const STORES = 'tiktok/nightly/2026-03-01-stores.csv.gz'

/** A run that found nothing. */
export const nothing = (): SyncAccount => ({
  ...shop(),
  resumed: undefined,
  files: [],
  filesIgnored: 0,
  filesByCode: {},
  rows: 0,
  accepted: 0,
  duplicates: 0,
  rejected: [],
  warnings: [],
  platformMessages: [],
  requests: 0,
  retries: 0,
  mostInFlight: 0,
  bytesRead: 0,
  figures: newGatherer(Math.floor(ENDED_MS / 1000), WINDOW).figures(),
  unknownColumns: [],
  remarks: [],
})
