import { countText } from '../terminal/text'
import type { SyncAccount } from './account'

/** `1 row`, `2,000 rows`. */
export const counted = (count: number, one: string, more = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : more}`

/** The platform by the name that people use. */
export const platformName = ({ platform }: SyncAccount): string => PLATFORMS[platform]

const PLATFORMS: Readonly<Record<SyncAccount['platform'], string>> = { tiktok: 'TikTok' }

/** `12.4 MB`: thousands, as disks and stores count. */
export const bytesText = (bytes: number): string => {
  let amount = bytes
  let unit = 0
  while (amount >= 999.5 && unit < BYTES.length - 1) {
    amount /= 1000
    unit++
  }
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${BYTES[unit] ?? ''}`
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** `3 h 12 min`, `4 min 5 s`, `12.3 s`. */
export const durationText = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** Unix milliseconds to the second: `2026-01-31 09:30:15 UTC`. */
export const momentText = (ms: number): string => new Date(ms).toISOString().replace(/T(\d\d:\d\d:\d\d).*/, ' $1 UTC')

/** So many a second; undefined for a run too short to tell. */
export const rateText = (count: number, ms: number): string | undefined =>
  ms >= 1 ? countText(Math.round((count * 1000) / ms)) : undefined

/** `a, b and c`. */
export const listed = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`

/** The first of a text's clauses as a sentence: what is wrong, where the rest says what to do. A bracket is of its clause. */
export const firstClause = (text: string): string => {
  const clause = text.split(/;(?![^(]*\))/, 1)[0] ?? ''
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
}
