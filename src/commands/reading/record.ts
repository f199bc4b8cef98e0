import { parseJson } from '../../json'
import type { OfflineEvent } from '../../template/offline-event'

/** An event as the data of the record that it becomes. `extras`: columns that were passed through, which a mapping may want. */
export const recordDataOf = (event: OfflineEvent, extras: string): Readonly<Record<string, unknown>> =>
  (extras === '' ? event : parseJson(`${JSON.stringify(event).slice(0, -1)}${extras}}`)) as Readonly<
    Record<string, unknown>
  >
