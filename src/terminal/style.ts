/** How words stand out; without colours, not at all. */
export interface Style {
  readonly title: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
}

/** The style of a terminal, or of what is no terminal. */
export const styleOf = (hasColours: boolean): Style => (hasColours ? COLOURS : PLAIN)

const asIs = (text: string): string => text
const PLAIN: Style = { title: asIs, good: asIs, bad: asIs, doubtful: asIs }

/** SGR codes of ECMA-48: on, and off. */
const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`

const COLOURS: Style = { title: sgr(1, 22), good: sgr(32, 39), bad: sgr(31, 39), doubtful: sgr(33, 39) }
