import { EVENTS } from '../support/catalogs'
import { digestOf } from '../support/rows'
import type { Dice } from './dice'

/** A record that is fed to the destination, and what must become of it. */
export interface Order {
  /** By which it is known again at the platform, whatever its event id there. */
  readonly marker: string
  readonly fate: 'stored' | 'refused' | 'malformed'
  /** Absent where the destination is to derive one. */
  readonly eventId: string | undefined
  readonly transactionId: string | undefined
  readonly line: string
}

/** What the records of a sync are made of. Shares are of all records. */
export interface Blend {
  readonly records: number
  /** Refused by the platform. */
  readonly refusedShare: number
  /** Rejected by the destination itself. */
  readonly malformedShare: number
  /** Characters that every record brings along, to make requests as large as a fault needs them. */
  readonly padding: number
}

/** Old enough that no jump of a clock makes an event too old or one of the future. */
const AGE_SECONDS = 7 * 86_400

/** Purchases and leads, with every way to come by an event id. */
export const ordersOf = (prefix: string, blend: Blend, dice: Dice): ReadonlyArray<Order> => {
  const time = Math.floor(Date.now() / 1000) - AGE_SECONDS
  return Array.from({ length: blend.records }, (_, i) => {
    const marker = `${prefix}-${i + 1}`
    const kind = dice.oneOf(['order', 'order and id', 'id', 'derived'])
    const order = kind === 'order' || kind === 'order and id' ? `order-${marker}` : undefined
    const id = kind === 'order and id' || kind === 'id' ? `event-${marker}` : undefined
    const eventId = id ?? order
    const fate = fateOf(blend, eventId, dice)
    const data = {
      event_name: order === undefined ? 'Lead' : 'Purchase',
      event_time: time + i,
      ...(order === undefined ? {} : { currency: 'USD', value: i, transaction_id: order }),
      ...(id === undefined ? {} : { event_id: id }),
      Email_hashed: fate === 'malformed' ? 'nobody' : digestOf(marker),
      description: marker,
      ...(blend.padding === 0 ? {} : { search_string: 'x'.repeat(blend.padding) }),
    }
    return {
      marker,
      fate,
      eventId,
      transactionId: order,
      line: JSON.stringify({ type: 'RECORD', record: { stream: EVENTS, data, emitted_at: 1 } }),
    }
  })
}

/** Only an event whose id is known can be singled out for a refusal. */
const fateOf = ({ refusedShare, malformedShare }: Blend, eventId: string | undefined, dice: Dice): Order['fate'] => {
  if (dice.happens(malformedShare)) return 'malformed'
  return dice.happens(refusedShare) && eventId !== undefined ? 'refused' : 'stored'
}
