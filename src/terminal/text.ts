/** A table's cells and how its columns stand; a row may be shorter than others. */
export interface Table {
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly align: ReadonlyArray<'left' | 'right'>
}

/** The lines of a table, two spaces before and between its columns. */
export const tableLines = ({ rows, align }: Table): ReadonlyArray<string> => {
  const widths = align.map((_, i) => Math.max(0, ...rows.map((cells) => lengthOf(cells[i] ?? ''))))
  return rows.map((cells) =>
    align
      .map((side, i) => {
        const cell = cells[i] ?? ''
        const space = ' '.repeat((widths[i] ?? 0) - lengthOf(cell))
        return `  ${side === 'left' ? cell + space : space + cell}`
      })
      .join('')
      .trimEnd(),
  )
}

/** A text in lines of at most so many characters, where its words allow, behind an indent. */
export const wrapped = (text: string, width: number, indent: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= width - indent)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => ' '.repeat(indent) + line)
}

/** A decimal text as people read it: thousands apart, and hundredths whole. */
export const amountText = (decimal: string): string => {
  const [whole = '', fraction] = decimal.split('.')
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction.padEnd(2, '0')}`
}

/** A count, thousands apart. */
export const countText = (count: number): string => grouped(String(count))

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/** A share with one decimal, never rounded up: only all is 100 %, and only none is 0 %. */
export const percentText = (part: number, total: number): string => {
  if (total === 0) return '-'
  const tenths = Math.floor((part * 1000) / total)
  return part > 0 && tenths === 0 ? '<0.1 %' : `${Math.floor(tenths / 10)}.${tenths % 10} %`
}

/** A name from outside: what would move the cursor, or turn the direction of the text, is shown as its number. */
export const nameText = (name: string): string =>
  name.replace(UNSEEN, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)

/** JSON that does nothing to a terminal either: the same value, with what `nameText` shows as numbers escaped. */
export const jsonText = (json: unknown): string =>
  JSON.stringify(json).replace(UNSEEN, (one) =>
    one.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Of what is written to people: `2026-01-31 09:30 UTC`. */
export const timeText = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().replace(/T(\d\d:\d\d).*/, ' $1 UTC')

/** In characters: what is beyond the first plane counts once. */
const lengthOf = (text: string): number => Array.from(text).length

/** A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 14 min`. */
export const durationText = (seconds: number): string => {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
