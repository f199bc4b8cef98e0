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

/** All runs of one side at one size, and those of its bare script; none where the executable is missing. */
export type Entry = Readonly<{ rows: number; name: string; results: readonly Result[]; bare: readonly Result[] }>

/** The least share of the bare script's speed, and the memory that no run may reach. */
const leastRatio = 0.6
export const mostRssMb = 250

const head = [
  ...['rows', 'what', 'rows/s', 'bare', 'ratio', 'CPU s', 'bare', 'peak RSS MB', 'bare', 'MB/s in', 'MB/s out'],
  ...['rows at sink', 'note'],
]

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

const peakOf = (results: readonly Result[]): number | undefined => {
  const peaks = present(results.map(({ peakRssMb }) => peakRssMb))
  return peaks.length === 0 ? undefined : Math.max(...peaks)
}

const cpuOf = (results: readonly Result[]): number | undefined =>
  median(present(results.map(({ cpuSeconds }) => cpuSeconds)))

const notesOf = ({ rows, results, bare }: Entry, ratio: number | undefined): string[] => {
  const missing = results.length === 0 || bare.length === 0 ? ['missing'] : []
  const failures = [...results, ...bare].some(({ failure }) => failure !== undefined) ? ['failed'] : []
  const astray = [...results, ...bare].every(({ rowsAtSink }) => rowsAtSink === rows) ? [] : [`expected ${rows} rows`]
  const slow = ratio !== undefined && ratio < leastRatio ? [`below ${leastRatio}`] : []
  const fat = (peakOf(results) ?? 0) >= mostRssMb ? [`not under ${mostRssMb} MB`] : []
  return [...missing, ...failures, ...astray, ...slow, ...fat]
}

const cellsOf = (entry: Entry): string[] => {
  const { rows, name, results, bare } = entry
  const [rate, bareRate] = [rateOf(results), rateOf(bare)]
  const ratio = rate === undefined || bareRate === undefined ? undefined : rate / bareRate
  const speed = (bytes: (result: Result) => number): string =>
    show(median(results.map((result) => bytes(result) / 1e6 / result.seconds)), 1)
  return [
    String(rows),
    name,
    show(rate, 0),
    show(bareRate, 0),
    show(ratio, 2),
    show(cpuOf(results), 1),
    show(cpuOf(bare), 1),
    show(peakOf(results), 0),
    show(peakOf(bare), 0),
    speed(({ bytesIn }) => bytesIn),
    speed(({ bytesOut }) => bytesOut),
    [...new Set(results.map(({ rowsAtSink }) => rowsAtSink))].join(', '),
    notesOf(entry, ratio).join('; '),
  ]
}

/** Tells whether every contestant was there, ended well and delivered each row once. */
export const isSound = (entries: readonly Entry[]): boolean =>
  entries.every(
    ({ rows, results, bare }) =>
      results.length > 0 &&
      bare.length > 0 &&
      [...results, ...bare].every(({ failure, rowsAtSink }) => failure === undefined && rowsAtSink === rows),
  )

/** Draws the table: medians of the runs and highest peaks, each beside the bare script's, and what is wrong. */
export const tableOf = (entries: readonly Entry[]): string => {
  const lines = [head, ...entries.map(cellsOf)]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column === 1 || column === head.length - 1 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd()
  return lines.map((line) => `${draw(line)}\n`).join('')
}
