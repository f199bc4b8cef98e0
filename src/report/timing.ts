import { countText } from '../terminal/text'
import type { SyncAccount } from './account'
import { type Child, type Markup, element, plain } from './element'
import { section, table } from './table'
import { bytesText, durationText, momentText, rateText } from './words'

/** Timing and throughput, requests and retries. */
export const timing = (account: SyncAccount): Markup => {
  const { bytesRead, endedMs, mostInFlight, peakRssBytes, requests, retries, rows, startedMs } = account
  const took = endedMs - startedMs
  return section(
    'timing',
    'Time, requests and memory',
    table({
      caption: 'How the run went',
      columns: [{ title: 'Figure' }, { title: 'Value', isFigure: true }],
      rows: [
        ['started', plain('time', momentText(startedMs))],
        ['ended', plain('time', momentText(endedMs))],
        ['took', durationText(took)],
        ['rows a second', rateText(rows, took) ?? '–'],
        ['bytes of files read', bytesText(bytesRead)],
        ['bytes a second', took >= 1 ? bytesText((bytesRead * 1000) / took) : '–'],
        figure('requests to the platform', 'requests', requests),
        figure('of them retries', 'retries', retries),
        figure('most requests under way at once', 'in-flight', mostInFlight),
        ['peak memory', bytesText(peakRssBytes)],
      ],
    }),
  )
}

const figure = (name: string, key: string, count: number): ReadonlyArray<Child> => [
  name,
  element('span', { 'data-figure': key }, countText(count)),
]
