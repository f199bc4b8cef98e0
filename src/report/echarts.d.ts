/**
 * The one file of the library that is loaded, and all that is used of it: its own types speak of a browser's document, which isn't there.
 */
declare module 'echarts/dist/echarts.common.min' {
  export interface EChartsOption {
    readonly animation: false
    readonly grid: Readonly<Record<string, number | string>>
    readonly xAxis: {
      readonly type: 'category'
      readonly data: ReadonlyArray<string>
      readonly axisTick: { readonly show: false }
      readonly axisLine: { readonly lineStyle: { readonly color: string } }
      readonly axisLabel: { readonly color: string; readonly hideOverlap: true }
    }
    readonly yAxis: {
      readonly type: 'value'
      readonly splitNumber: number
      readonly splitLine: { readonly lineStyle: { readonly color: string } }
      readonly axisLabel: { readonly color: string; readonly formatter: (value: number) => string }
    }
    readonly series: ReadonlyArray<{
      readonly type: 'bar'
      readonly stack: string
      readonly silent: true
      readonly barCategoryGap: string
      readonly barMaxWidth: number
      readonly itemStyle: { readonly color: string }
      readonly data: ReadonlyArray<number>
    }>
  }

  export const init: (
    document: null,
    theme: null,
    options: { readonly renderer: 'svg'; readonly ssr: true; readonly width: number; readonly height: number },
  ) => {
    readonly setOption: (option: EChartsOption) => void
    readonly renderToSVGString: (options: { readonly useViewBox: true }) => string
    readonly dispose: () => void
  }
}
