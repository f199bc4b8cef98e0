import { isJsonObject } from './json'
import type { JsonObject } from './json'

/**
 * One fault on demand. `when` says whether the request is judged and stored before the fault strikes ('after') or is lost
 * ('before'); a reset may also come 'during' the body, which is then never read to its end. `slow` and `drip` always store
 * first: a client that gives up waiting meets an event that arrived all the same.
 */
export type Fault = FaultKind & { readonly when: Moment }

type Moment = 'before' | 'during' | 'after'

/** What can go wrong: an envelope with a code, a page of HTML, a reset connection, silence, delay, an answer by bytes or by half. */
export type FaultKind =
  | {
      readonly kind: 'code'
      readonly code: number
      readonly message: string
      readonly status: number
      readonly data: JsonObject
    }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'slow' | 'drip'; readonly ms: number }
  | { readonly kind: 'reset' | 'hang' | 'cut' }

/** The calls the emulator knows; a planned fault belongs to one of them. */
export type Endpoint = 'track' | 'lookup'

/** A fault with its place in the plan: let `after` requests pass, then strike `times` requests in a row. */
export interface PlannedFault {
  readonly fault: Fault
  readonly on: Endpoint
  readonly times: number
  readonly after: number
}

/** Our wording of the return codes that tests ask for; TikTok's table is Doc 1737172488964097. */
const messages = new Map([
  [20001, 'Partially successful.'],
  [40000, 'Invalid parameters.'],
  [40001, 'No permission to operate.'],
  [40016, 'Requests are made too frequently.'],
  [40050, 'Duplicated requests were sent.'],
  [40100, 'Requests are made too frequently.'],
  [40102, 'Access token is expired.'],
  [40105, 'Access token is incorrect or has been revoked.'],
  [40133, 'Requests for this advertiser are made too frequently.'],
  [40202, 'Write conflict.'],
  [50000, 'System error.'],
  [50002, 'Error processing the request.'],
  [51305, 'Satellite service error.'],
  [60001, 'Under maintenance.'],
])

/**
 * Reads a fault of the settings, such as `{"kind":"code","code":40100,"times":3}`; undefined when it is malformed.
 * 20001 stores by default: it says that a part succeeded, and which part no public source tells.
 */
export function readPlannedFault(value: unknown): PlannedFault | undefined {
  if (!isJsonObject(value)) return undefined
  const { times = 1, after = 0, on = 'track', when = value['code'] === 20001 ? 'after' : 'before' } = value
  if (!isCount(times) || times < 1 || !isCount(after)) return undefined
  if (on !== 'track' && on !== 'lookup') return undefined
  if (!isMoment(when) || (when === 'during' && value['kind'] !== 'reset')) return undefined
  const kind = readKind(value)
  return kind && { fault: { ...kind, when }, on, times, after }
}

/** The API's words for a code. */
export function messageOf(code: number): string {
  return messages.get(code) ?? 'Error.'
}

/** The name under which the summary counts a fault: code_40100, html_502, slow, drip, reset_during, hang_after... */
export function faultName(fault: Fault): string {
  switch (fault.kind) {
    case 'code':
      return `code_${fault.code}`
    case 'html':
      return `html_${fault.status}`
    case 'slow':
    case 'drip':
      return fault.kind
    case 'reset':
    case 'hang':
    case 'cut':
      return `${fault.kind}_${fault.when}`
  }
}

const common = ['kind', 'times', 'after', 'on', 'when']

function readKind(value: JsonObject): FaultKind | undefined {
  const { kind, code, status, ms, data = {} } = value
  switch (kind) {
    case 'code': {
      if (!knowsOnly(value, ['code', 'message', 'status', 'data']) || !isCount(code) || !isJsonObject(data))
        return undefined
      const { message = messageOf(code) } = value
      if (typeof message !== 'string' || !isStatus(status ?? 200)) return undefined
      return { kind, code, message, status: Number(status ?? 200), data }
    }
    case 'html':
      return knowsOnly(value, ['status']) && isStatus(status) ? { kind, status } : undefined
    case 'slow':
    case 'drip':
      return knowsOnly(value, ['ms']) && isCount(ms) ? { kind, ms } : undefined
    case 'reset':
    case 'hang':
    case 'cut':
      return knowsOnly(value, []) ? { kind } : undefined
    default:
      return undefined
  }
}

function knowsOnly(value: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => common.includes(key) || keys.includes(key))
}

function isMoment(value: unknown): value is Moment {
  return value === 'before' || value === 'during' || value === 'after'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isStatus(value: unknown): value is number {
  return isCount(value) && value >= 200 && value <= 599
}
