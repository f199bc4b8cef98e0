import { type Child, type Markup, element, plain } from './element'

export interface Column {
  readonly title: string
  /** Figures stand right, under each other. */
  readonly isFigure?: boolean
}

export interface TableParts {
  readonly caption: string
  readonly columns: ReadonlyArray<Column>
  /** A row's first cell is its header. */
  readonly rows: ReadonlyArray<ReadonlyArray<Child>>
  /** The last line, of sums. */
  readonly sums?: ReadonlyArray<Child>
  /** Whether it has so many columns that it scrolls in itself on a phone. */
  readonly isWide?: boolean
}

/** The title of a column of bars: they say again what a figure beside them says, and go where there is no room. */
export const BARS = ''

/** A table for eyes and screen readers: caption, and headers of columns and rows. */
export const table = ({ caption, columns, rows, sums, isWide = false }: TableParts): Markup => {
  const line = (cells: ReadonlyArray<Child>): Markup =>
    plain(
      'tr',
      cells.map((cell, i) => {
        const { isFigure = false, title } = columns[i] ?? {}
        const look = isFigure ? 'figure' : title === BARS ? 'bars' : undefined
        return i === 0 ? element('th', { scope: 'row', class: look }, cell) : element('td', { class: look }, cell)
      }),
    )
  const head = columns.map(({ title, isFigure }) =>
    title === BARS
      ? element('td', { class: 'bars' })
      : element('th', { scope: 'col', class: isFigure === true ? 'figure' : undefined }, title),
  )
  const whole = plain(
    'table',
    plain('caption', caption),
    plain('thead', plain('tr', head)),
    plain('tbody', rows.map(line)),
    sums === undefined ? undefined : plain('tfoot', line(sums)),
  )
  // What scrolls must be reachable with the keyboard, and then needs a name.
  return isWide
    ? element('div', { class: 'scroll', role: 'region', 'aria-label': `${caption}: table`, tabindex: 0 }, whole)
    : whole
}

/** A share as a bar, beside the figure that says it. */
export const bar = (part: number, total: number, look: string): Markup =>
  element(
    'svg',
    { class: 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
    element('rect', { class: 'track', x: 0, y: 0, width: 1000, height: 10 }),
    element('rect', { class: look, x: 0, y: 0, width: barWidth(part, total), height: 10 }),
  )

/** What there is of is seen. */
const barWidth = (part: number, total: number): number =>
  part <= 0 || total <= 0 ? 0 : Math.max(4, Math.min(1000, Math.round((part * 1000) / total)))

/** A section of the page, named by its heading. */
export const section = (id: string, title: string, ...children: ReadonlyArray<Child>): Markup =>
  element('section', { id, 'aria-labelledby': `${id}-title` }, element('h2', { id: `${id}-title` }, title), ...children)
