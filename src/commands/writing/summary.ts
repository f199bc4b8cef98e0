import * as E from 'fp-ts/Either'
import type { Out } from '../../capabilities'
import type { Failure } from '../../failure'
import { descriptorOf } from '../../protocol/incoming'
import { log } from '../../protocol/message'
import { type RowCode, type WarningCode, meaning } from '../../template/fault'
import { type Tally, total } from '../../template/tally'
import type { Position, WriteCounts } from './counts'
import type { Strays } from './intake'

/**
 * Tells people what was rejected and where, and machines the totals. Left: the counts do not add up, or a run that is `isComplete` has
 * left records unsettled.
 */
export const summarise = (
  out: Out,
  counts: WriteCounts,
  { strangers, noise }: Strays,
  isComplete: boolean,
): E.Either<Failure, void> => {
  const say = (level: 'WARN' | 'INFO', message: string): void => void out.put(log(level, message))
  if (strangers > 0) say('WARN', `${counted(strangers, 'record')} of streams outside the catalog ignored.`)
  if (noise > 0) say('WARN', `${counted(noise, 'line')} of the input ignored: no Airbyte message.`)
  for (const line of lines((n) => `${counted(n, 'record')} rejected`, counts.rejected)) say('WARN', line)
  for (const [message, events] of counts.messages)
    say('WARN', `${counted(events, 'event')} refused by the platform with: ${message}`)
  for (const line of lines((n) => counted(n, 'warning'), counts.warnings)) say('INFO', line)
  const { records, accepted, duplicates, ignored, unsettled, requests, retries } = counts
  const rejected = total(counts.rejected.counts)
  const totals = {
    records,
    accepted,
    duplicates,
    ignored,
    unsettled,
    rejected: counts.rejected.counts,
    warnings: counts.warnings.counts,
    requests,
    retries,
  }
  say('INFO', `totals ${JSON.stringify(totals)}`)
  const isWhole = unsettled === 0 || (unsettled > 0 && !isComplete)
  return isWhole && records === accepted + duplicates + ignored + rejected + unsettled
    ? E.right(undefined)
    : E.left({ _tag: 'CountsDisagree', counts: `${records} records, ${unsettled} unsettled` })
}

const lines = (told: (n: number) => string, { counts, positions }: Tally<Position>): ReadonlyArray<string> =>
  [...positions].map(([code, origins]) => {
    const records = counts[code] ?? 0
    const first = records > origins.length ? `first ${origins.length}: ` : ''
    return `${told(records)} ${code} (${meaning(code as RowCode | WarningCode)}): ${first}${origins.map(placeOf).join('; ')}.`
  })

const placeOf = ({ differsFrom, ...origin }: Position): string =>
  differsFrom === undefined ? recordOf(origin) : `${recordOf(origin)} (differs from ${recordOf(differsFrom)})`

const recordOf = ({ stream, record, file, row }: Position): string => {
  const { name } = descriptorOf(stream)
  return file === undefined || row === undefined ? `${name} record ${record}` : `${name} ${file} row ${row}`
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
