import { createHash } from 'node:crypto'
import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { type FileManner, type Plan, compile, extraMembers, fill } from '../../src/template/plan'
import { type RecordManner, compileRecords } from '../../src/template/record-plan'
import { right } from './either'

/** A row or record as it came out: its code and column where it was rejected, else the event as JSON and its warnings. */
export interface Judged {
  readonly code: string | undefined
  readonly column: string | undefined
  readonly event: Readonly<Record<string, unknown>>
  readonly warnings: ReadonlyArray<string>
}

export type Cells = Readonly<Record<string, string>>

/** How files and records are read where the user says nothing. */
export const NO_DEFAULTS: FileManner & RecordManner = {
  eventName: undefined,
  country: undefined,
  currency: undefined,
  timeZone: undefined,
  decimal: '.',
  asIs: false,
  mapping: [],
  passes: () => false,
}

export const withDefaults = (some: Partial<FileManner>): FileManner & RecordManner => ({ ...NO_DEFAULTS, ...some })

/** A digest computed apart from the code under test. */
export const digest = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

export const EMAIL = 'ana@example.es'
export const EMAIL_DIGEST = 'e980b7480b879225dc671417f0db81b47289cf2da9ffe7c985235400ae3c5f32'
export const PHONE = '+14155550100'
export const PHONE_DIGEST = '5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9'
export const PHONE_E164_DIGEST = '40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0'

/** A purchase with everything that purchases need; tests spoil one cell of it. */
export const PURCHASE = {
  event_name: 'Purchase',
  event_time: '1758190000',
  currency: 'EUR',
  value: '12.50',
  transaction_id: 'A-1001',
  Email_hashed: EMAIL,
} as const

/** An event that needs neither money nor a transaction. */
export const LEAD = { event_name: 'Lead', event_time: '1758190000', Email_hashed: EMAIL } as const

export const planOf = (header: ReadonlyArray<string>, defaults: FileManner = NO_DEFAULTS): Plan =>
  right(compile(OFFLINE_EVENT, defaults)(header))

/** Judges the cells of a row under a plan; the event has the columns that the plan passes through, as `read` emits them. */
export const judgeCells = (plan: Plan, cells: ReadonlyArray<string>): Judged => {
  const found = fill(plan, cells)
  const extras = found === undefined ? extraMembers(plan, cells) : ''
  return judged(found, plan.draft, extras)
}

/** Judges a file of one row: its header and cells are the object's keys and values. */
export const judgeRow = (cells: Cells, defaults: FileManner = NO_DEFAULTS): Judged =>
  judgeCells(planOf(Object.keys(cells), defaults), Object.values(cells))

/** Judges one record of any source. */
export const judgeRecord = (data: Readonly<Record<string, unknown>>, defaults: RecordManner = NO_DEFAULTS): Judged => {
  const plan = compileRecords(OFFLINE_EVENT, defaults)
  return judged(plan.fill(data), plan.draft)
}

const judged = (found: ReturnType<typeof fill>, draft: Plan['draft'], extras = ''): Judged => ({
  code: found?.code,
  column: found?.column,
  event: found === undefined ? eventOf(`${JSON.stringify(draft.event).slice(0, -1)}${extras}}`) : {},
  warnings: found === undefined ? [...draft.warnings] : [],
})

const eventOf = (json: string): Readonly<Record<string, unknown>> =>
  JSON.parse(json) as Readonly<Record<string, unknown>>
