import { type Json, at, isObject, objectAt, parse } from '../json'
import { type Assertion, type Heard, type Said, messagesOf, when } from '../said'
import type { Written } from './echo'
import type { Read } from './records'

const WORD = 'totals '

const totalsLines = (said: Said): ReadonlyArray<Heard> =>
  messagesOf(said, 'LOG').filter(({ json }) => String(at(json, 'log.message')).startsWith(WORD))

const totalsOf = (said: Said): Json => {
  const found = parse(String(at(totalsLines(said)[0]?.json, 'log.message')).slice(WORD.length))
  return isObject(found) ? found : {}
}

const sumOf = (counts: Json): number => Object.values(counts).reduce<number>((sum, n) => sum + Number(n), 0)

/** One line for machines, after everything that it counts. */
export const toldOnce: Assertion<Said> = (said) => {
  const [totals, ...others] = totalsLines(said)
  if (totals === undefined || others.length > 0)
    return [`there are ${totals === undefined ? 0 : 1 + others.length} totals`]
  const counted = messagesOf(said).filter(({ type }) => type === 'RECORD' || type === 'STATE')
  return [
    ...when(at(totals.json, 'log.level') !== 'INFO', `line ${totals.number}: the totals are no INFO`),
    ...when(Object.keys(totalsOf(said)).length === 0, `line ${totals.number}: the totals are no JSON object`),
    ...when((counted.at(-1)?.number ?? 0) > totals.number, `line ${totals.number}: more follows the totals`),
  ]
}

const complaintsAbout = (found: Json, wanted: Json): ReadonlyArray<string> =>
  Object.entries(wanted).flatMap(([key, value]) =>
    when(found[key] !== value, `${key} is ${String(found[key])}, not ${String(value)}`),
  )

/** rows = emitted + rejected, and as many as the files have. */
export const readAddsUp: Assertion<Read> = (said) => {
  const { rows, emitted, ...totals } = totalsOf(said)
  const rejected = sumOf(objectAt(totals, 'rejected'))
  return [
    ...when(
      rows !== Number(emitted) + rejected,
      `${String(rows)} rows, ${String(emitted)} emitted, ${rejected} rejected`,
    ),
    ...complaintsAbout(
      { ...totals, rows, emitted },
      { rows: sumOf(said.rows), files: Object.keys(said.rows).length, files_failed: 0 },
    ),
  ]
}

/** records = accepted + duplicates + ignored + rejected + unsettled, as many as were given, and nothing is unsettled. */
export const writeAddsUp: Assertion<Written> = (said) => {
  const totals = totalsOf(said)
  const rejected = sumOf(objectAt(totals, 'rejected'))
  const parts = ['accepted', 'duplicates', 'ignored', 'unsettled'].reduce((sum, key) => sum + Number(totals[key]), 0)
  const given = (fate: string): number => said.given.filter((one) => one.fate === fate).length
  return [
    ...when(
      totals['records'] !== parts + rejected,
      `${String(totals['records'])} records, ${parts + rejected} in parts`,
    ),
    ...complaintsAbout(
      { ...totals, rejected },
      {
        records: said.given.filter(({ fate }) => fate !== undefined).length,
        accepted: given('sent'),
        ignored: given('ignored'),
        rejected: given('rejected'),
        unsettled: 0,
      },
    ),
  ]
}
