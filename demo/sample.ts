import { cellsOf, textOf } from './cells'
import { timeOf } from './times'

/** The sample as it goes into the bucket, how many of its times were moved, and by how much. */
export interface Sample {
  readonly csv: string
  readonly moved: number
  readonly seconds: number
}

const HOUR = 3600
const TIME_COLUMNS = new Set(['event_time', 'timestamp'])

/**
 * Moves all times of the sample by the same amount, so that the newest is an hour old: the distances between them stay, and with
 * them what is too old. All other bytes stay as they are, times that are none included. `csv` is text of one byte a character.
 */
export const shiftTimes = (csv: string, nowMs: number): Sample => {
  const times = timesIn(csv)
  if (times.length === 0) return { csv, moved: 0, seconds: 0 }
  const newest = times.reduce((latest, { time }) => Math.max(latest, time.seconds), 0)
  const seconds = Math.floor(nowMs / 1000) - HOUR - newest
  const pieces: string[] = []
  let end = 0
  for (const { start, length, time } of times) {
    pieces.push(csv.slice(end, start), time.movedBy(seconds))
    end = start + length
  }
  return { csv: [...pieces, csv.slice(end)].join(''), moved: times.length, seconds }
}

const timesIn = (csv: string) => {
  let timeColumn: number | undefined
  const times = []
  for (const { row, column, start, raw } of cellsOf(csv)) {
    const text = textOf(raw)
    if (row === 0) {
      if (TIME_COLUMNS.has(headerOf(text))) timeColumn ??= column
    } else if (column === timeColumn) {
      const time = timeOf(text)
      if (time !== undefined) times.push({ start: start + raw.indexOf(text), length: text.length, time })
    }
  }
  return times
}

/** Without the byte order mark, whose three bytes are three characters here, and what is about it. */
const headerOf = (text: string): string => textOf(text.replace(/^\u00ef\u00bb\u00bf/, '')).toLowerCase()
