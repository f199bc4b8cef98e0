import type { Origin } from '../../destination/delivery/batch'
import { newRecent } from '../../destination/delivery/recent'
import type { TikTok } from '../../destination/platforms/tiktok/index'
import { type Fault, fault } from '../../template/fault'
import { sha256 } from '../../template/hash'
import type { Draft } from '../../template/judges/draft'
import type { RecordPlan } from '../../template/record-plan'

/** What becomes of a record before anything is sent: `write` and `validate` judge by this and nothing else. */
export interface EventJudge {
  /** The event of the record that was judged last, and the warnings of it. */
  readonly draft: Draft
  /** A record as its platform's JSON text, or why it is no event that can be sent. */
  readonly encode: (data: Readonly<Record<string, unknown>>, nowSeconds: number) => string | Fault
  /** What the last text weighs in UTF-8. */
  readonly bytes: () => number
  /** Whether the event that was judged last came before: the same, or another of its name and id, whose place is returned. */
  readonly meet: (json: string, origin: Origin) => Origin | 'same' | undefined
}

/** Of so many events, the last ones, is known whether they come again. */
const EVENTS_REMEMBERED = 1_000_000

/** The judge of one run. */
export const newEventJudge = (
  platform: Pick<TikTok, 'encode' | 'idOf'>,
  plan: RecordPlan,
  fitsAlone: (bytes: number) => boolean,
): EventJudge => {
  const recent = newRecent(EVENTS_REMEMBERED)
  const { draft } = plan
  let bytes = 0
  return {
    draft,
    encode: (data, nowSeconds) => {
      const encoded = plan.fill(data) ?? platform.encode(draft.event, nowSeconds, draft.warnings)
      if (typeof encoded !== 'string') return encoded
      bytes = Buffer.byteLength(encoded)
      return fitsAlone(bytes) ? encoded : EVENT_TOO_LARGE
    },
    bytes: () => bytes,
    meet: (json, origin) => recent.meet(sha256(json), draft.event.event_name, platform.idOf(draft.event), origin),
  }
}

const EVENT_TOO_LARGE = fault('EVENT_TOO_LARGE')
