import type { Capabilities } from '../../capabilities'
import { countText, durationText } from '../../terminal/text'
import type { Session } from '../reading/session'
import type { Writing } from '../writing/writing'

type Outside = Pick<Capabilities, 'openBar' | 'lastWord' | 'elapsedMs' | 'repeat'>

/** A bar is written over so often; where there is no terminal a line comes now and then. */
const BAR_EVERY_MS = 250
const LINE_EVERY_MS = 10_000

/** Tells how far a sync is, on stderr, until `over` aborts. */
export const tellProgress = async (
  { openBar, lastWord, elapsedMs, repeat }: Outside,
  session: Session,
  writing: Writing,
  over: AbortSignal,
): Promise<void> => {
  const bar = openBar?.()
  const startMs = elapsedMs()
  await repeat(bar === undefined ? LINE_EVERY_MS : BAR_EVERY_MS, over, () => {
    const { share, text } = progressOf(session, writing, elapsedMs() - startMs)
    if (bar === undefined) lastWord(`${Math.floor(share * 100)} %: ${text}`)
    else bar.show(share, text)
    return Promise.resolve()
  })
  bar?.close()
}

/** How much of the bytes is read and settled, and what people want to know beside it. */
const progressOf = (
  { counts, progress }: Session,
  writing: Writing,
  elapsedMs: number,
): { readonly share: number; readonly text: string } => {
  const { bytesToRead, bytesRead } = progress
  const { accepted, duplicates, unsettled } = writing.counts()
  const settled = counts.rows === 0 ? 0 : (counts.rows - unsettled) / counts.rows
  const share = bytesToRead === 0 ? 0 : Math.min(1, bytesRead / bytesToRead) * settled
  const seconds = elapsedMs / 1000
  const leftSeconds = share === 0 ? undefined : Math.round((seconds * (1 - share)) / share)
  const text = [
    `${countText(counts.rows)} rows`,
    `${countText(accepted + duplicates)} settled`,
    `${countText(Math.round(counts.rows / Math.max(seconds, 0.001)))} rows/s`,
    `${writing.inFlight()} in flight`,
    ...(leftSeconds === undefined ? [] : [`about ${durationText(leftSeconds)} left`]),
  ].join(', ')
  return { share, text }
}
