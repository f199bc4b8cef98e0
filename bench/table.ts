/** One run of one contestant, as the table wants it. */
export type Result = Readonly<{
  seconds: number
  rowsAtSink: number
  bytesIn: number
  bytesOut: number
  cpuSeconds?: number
  peakRssMb?: number
  failure?: string
}>

/** All runs of one contestant; none when its executable is missing. */
export type Entry = Readonly<{ name: string; yardstick?: string; results: readonly Result[] }>

/** The least share of the bare script's speed, and the memory that no run may reach. */
const leastRatio = 0.6
const mostRssMb = 250

const head = ['contestant', 'rows/s', 'ratio', 'MB/s in', 'MB/s out', 'CPU s', 'peak RSS MB', 'rows at sink', 'note']

/** The middle of some figures; absent when there are none. */
export const median = (figures: readonly number[]): number | undefined => {
  const sorted = [...figures].sort((one, other) => one - other)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2
}

const present = (figures: readonly (number | undefined)[]): number[] =>
  figures.filter((figure): figure is number => figure !== undefined)

const show = (figure: number | undefined, digits: number): string => figure?.toFixed(digits) ?? 'n/a'

const rateOf = (results: readonly Result[]): number | undefined =>
  median(results.map(({ rowsAtSink, seconds }) => rowsAtSink / seconds))

const notesOf = (results: readonly Result[], rows: number, ratio: number | undefined, peak: number): string[] => {
  const failures = results.flatMap(({ failure }) => (failure === undefined ? [] : ['failed']))
  const astray = results.flatMap(({ rowsAtSink }) => (rowsAtSink === rows ? [] : [`expected ${rows} rows`]))
  const slow = ratio !== undefined && ratio < leastRatio ? [`below ${leastRatio}`] : []
  const fat = peak >= mostRssMb ? [`not under ${mostRssMb} MB`] : []
  return [...new Set([...failures, ...astray, ...slow, ...fat])]
}

const cellsOf = ({ name, yardstick, results }: Entry, entries: readonly Entry[], rows: number): string[] => {
  if (results.length === 0) return [name, '', '', '', '', '', '', '', 'missing']
  const rate = rateOf(results)
  const bare = rateOf(entries.find((entry) => entry.name === yardstick)?.results ?? [])
  const ratio = rate === undefined || bare === undefined ? undefined : rate / bare
  const peaks = present(results.map(({ peakRssMb }) => peakRssMb))
  const peak = peaks.length === 0 ? undefined : Math.max(...peaks)
  const speed = (bytes: (result: Result) => number): string =>
    show(median(results.map((result) => bytes(result) / 1e6 / result.seconds)), 1)
  return [
    name,
    show(rate, 0),
    yardstick === undefined ? '' : show(ratio, 2),
    speed(({ bytesIn }) => bytesIn),
    speed(({ bytesOut }) => bytesOut),
    show(median(present(results.map(({ cpuSeconds }) => cpuSeconds))), 1),
    show(peak, 0),
    [...new Set(results.map(({ rowsAtSink }) => rowsAtSink))].join(', '),
    notesOf(results, rows, ratio, peak ?? 0).join('; '),
  ]
}

/** Tells whether every contestant was there, ended well and delivered each row once. */
export const isSound = (entries: readonly Entry[], rows: number): boolean =>
  entries.every(
    ({ results }) =>
      results.length > 0 && results.every(({ failure, rowsAtSink }) => failure === undefined && rowsAtSink === rows),
  )

/** Draws the table: medians of the runs, the highest peak, and what is wrong. */
export const tableOf = (entries: readonly Entry[], rows: number): string => {
  const lines = [head, ...entries.map((entry) => cellsOf(entry, entries, rows))]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column === 0 || column === head.length - 1 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd()
  return lines.map((line) => `${draw(line)}\n`).join('')
}
