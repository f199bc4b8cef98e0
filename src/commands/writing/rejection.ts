import type { Entry, Origin } from '../../destination/delivery/batch'
import type { Slot } from '../../destination/delivery/ledger'
import { logMessage } from '../../destination/delivery/log-message'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import type { Said } from '../../destination/delivery/verdict'
import type { TikTok } from '../../destination/platforms/tiktok/index'
import { descriptorOf } from '../../protocol/incoming'
import { type Fault, type RowCode, meaning } from '../../template/fault'
import type { RecordPlan } from '../../template/record-plan'
import { type Tally, count, newTally } from '../../template/tally'
import { toldId } from '../../template/told'

/** What becomes of records that are no events: counted by code, told with their places, and kept where a bucket is set. */
export interface Rejection {
  /** A record that was judged: the one that the plan was filled with last. A promise where the bucket is behind. */
  readonly judged: (fault: Fault, origin: Origin, slot: Slot) => Promise<void> | undefined
  /** An event that the platform refused alone. */
  readonly refused: (entry: Entry, said: Said) => void
  readonly tally: Tally<Origin>
  /** What the platform said, by message, with the number of events. */
  readonly messages: ReadonlyMap<string, number>
}

/** Most different messages of the platform that are told apart in the log. */
const MOST_MESSAGES = 20

/** The rejection of one run. */
export const newRejection = (
  keeper: RejectKeeper,
  plan: RecordPlan,
  platform: Pick<TikTok, 'knownName' | 'told'>,
  defaultEventName: string | undefined,
): Rejection => {
  const tally = newTally<Origin>()
  const messages = new Map<string, number>()

  const counted = (code: RowCode, origin: Origin, slot: Slot): void => {
    slot.rejected++
    count(tally, code, () => origin)
  }

  return {
    tally,
    messages,
    judged: ({ code, column }, origin, slot) => {
      counted(code, origin, slot)
      const name = plan.textOf('event-name') ?? defaultEventName
      return keeper.keep({
        ...placeOf(origin),
        code,
        column,
        message: meaning(code),
        // What is malformed may be anything.
        transactionId: code === 'TRANSACTION_ID_MALFORMED' ? undefined : plan.textOf('transaction-id'),
        eventName: name === undefined ? undefined : platform.knownName(name),
        requestId: undefined,
      })
    },
    refused: ({ json, origin, slot }, { message, requestId }) => {
      counted('REFUSED_BY_PLATFORM', origin, slot)
      const logged = logMessage(message, json)
      const told = messages.size < MOST_MESSAGES || messages.has(logged) ? logged : 'other messages'
      messages.set(told, (messages.get(told) ?? 0) + 1)
      const { eventName, transactionId } = platform.told(json)
      // Refused one at a time: the bucket can't fall far behind.
      void keeper.keep({
        ...placeOf(origin),
        code: 'REFUSED_BY_PLATFORM',
        column: undefined,
        message,
        transactionId: toldId(transactionId),
        eventName,
        requestId,
      })
    },
  }
}

const placeOf = ({ stream, record, file, row }: Origin) => {
  const { name, namespace } = descriptorOf(stream)
  return { stream: name, namespace, record, file, row }
}
