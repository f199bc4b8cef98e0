import { type EChartsOption, init } from 'echarts/dist/echarts.common.min'
import { type Attributes, type Markup, element, plain } from './element'

/** Stacked columns of figures. */
export interface Columns {
  readonly id: string
  readonly title: string
  /** What is to be seen, for those who don't see it; the figures themselves are in a table. */
  readonly description: string
  readonly labels: ReadonlyArray<string>
  readonly series: ReadonlyArray<Series>
}

export interface Series {
  /** The class that gives its colour. */
  readonly look: Look
  readonly values: ReadonlyArray<number>
}

export type Look = (typeof LOOKS)[number]

/** A chart in two sizes, of which the style sheet shows the one that fits: letters don't shrink with a phone. */
export const columns = (chart: Columns): ReadonlyArray<Markup> => [
  drawn(chart, 'wide', { width: 880, height: 250 }),
  drawn(chart, 'narrow', { width: 300, height: 210 }),
]

interface Size {
  readonly width: number
  readonly height: number
}

const drawn = (chart: Columns, look: 'wide' | 'narrow', size: Size): Markup => {
  const id = `${chart.id}-${look}`
  const canvas = init(null, null, { renderer: 'svg', ssr: true, ...size })
  canvas.setOption(optionOf(chart))
  const svg = canvas.renderToSVGString({ useViewBox: true })
  canvas.dispose()
  return element(
    'svg',
    {
      class: `chart ${look}`,
      role: 'img',
      viewBox: `0 0 ${size.width} ${size.height}`,
      'aria-labelledby': `${id}-title`,
      'aria-describedby': `${id}-desc`,
    },
    element('title', { id: `${id}-title` }, chart.title),
    element('desc', { id: `${id}-desc` }, chart.description),
    shapesOf(svg),
  )
}

/** Colours follow the reader's scheme, which the library knows nothing of: it draws with a colour for each look, and the look takes its place. */
const LOOKS = ['axis', 'line', 's1', 's2', 's3', 's4', 's5', 's6', 'rest', 'good', 'bad'] as const

const colourOf = (look: Look): string => `#0a00${String(LOOKS.indexOf(look)).padStart(2, '0')}`

const lookOf = (colour: string | undefined): Look | undefined => LOOKS.find((look) => colourOf(look) === colour)

const optionOf = ({ labels, series }: Columns): EChartsOption => ({
  animation: false,
  grid: { left: 4, right: 12, top: 14, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
  xAxis: {
    type: 'category',
    data: labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colourOf('axis') } },
    axisLabel: { color: colourOf('axis'), hideOverlap: true },
  },
  yAxis: {
    type: 'value',
    splitNumber: 4,
    splitLine: { lineStyle: { color: colourOf('line') } },
    axisLabel: { color: colourOf('axis'), formatter: (value) => COMPACT.format(value) },
  },
  series: series.map(({ look, values }) => ({
    type: 'bar',
    stack: 'all',
    silent: true,
    barCategoryGap: '25%',
    barMaxWidth: 56,
    itemStyle: { color: colourOf(look) },
    data: values,
  })),
})

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 })

type Found = Readonly<Record<string, string>>

const attributesOf = (text: string): Found =>
  Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']): [string, string] => [name, value]))

/** What the library has drawn, taken apart and made anew of this page's elements: shapes and letters, no styles, no ids, no instructions. */
const shapesOf = (svg: string): ReadonlyArray<Markup> =>
  [...svg.matchAll(SHAPE)].flatMap(([, tag, attributes = '', text = '']) => {
    const found = attributesOf(attributes)
    const fill = lookOf(found['fill'])
    const stroke = lookOf(found['stroke'])
    // The sheet that the library draws on.
    if (fill === undefined && stroke === undefined) return []
    const shape: Attributes = { class: fill ?? `stroke ${stroke ?? ''}`, ...placeOf(found) }
    return tag === 'text' ? [element('text', shape, text)] : [element('path', shape)]
  })

const SHAPE = /<(path|text) ([^>]*)>([^<]*)<\/\1>/g
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g

const placeOf = (found: Found): Attributes => Object.fromEntries(PLACE.map((name) => [name, found[name]] as const))

const PLACE = ['d', 'x', 'y', 'transform', 'text-anchor', 'dominant-baseline'] as const

/** The names of what a chart's colours stand for. */
export const legend = (entries: ReadonlyArray<{ readonly look: Look; readonly name: string }>): Markup =>
  element(
    'ul',
    { class: 'legend' },
    entries.map(({ look, name }) => plain('li', swatch(look), name)),
  )

const swatch = (look: Look): Markup =>
  element(
    'svg',
    { class: 'swatch', viewBox: '0 0 10 10', 'aria-hidden': 'true', focusable: 'false' },
    element('rect', { class: look, x: 0, y: 0, width: 10, height: 10 }),
  )
