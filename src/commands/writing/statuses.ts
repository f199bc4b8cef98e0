import type { Capabilities } from '../../capabilities'
import type { Failure } from '../../failure'
import { descriptorOf } from '../../protocol/incoming'
import { rateLimited } from '../../protocol/message'

/** What streams are told to be at: by the source to us, and by us to the platform. */
export interface Statuses {
  /** The source told a stream's status. */
  readonly seen: (stream: string, status: string) => void
  /** Where the source tells statuses at all, a stream without COMPLETE means that it broke off. */
  readonly incomplete: () => Failure | undefined
  /** A rate limit is waited out until then, in milliseconds since 1970: said of every stream, but not for each request. */
  readonly limited: (untilMs: number) => void
}

/** So often it is said at most. */
const LEAST_BETWEEN_MS = 5_000

/** The statuses of one run; `sent` are the streams whose records are events. */
export const newStatuses = (
  { out, nowMs }: Pick<Capabilities, 'out' | 'nowMs'>,
  streams: ReadonlySet<string>,
  sent: ReadonlyArray<string>,
): Statuses => {
  const statuses = new Map<string, string>()
  let silentUntilMs = -Infinity
  return {
    seen: (stream, status) => {
      if (streams.has(stream)) statuses.set(stream, status)
    },
    incomplete: () => {
      if (statuses.size === 0) return undefined
      const missing = [...streams].filter((stream) => statuses.get(stream) !== 'COMPLETE')
      if (missing.length === 0) return undefined
      return { _tag: 'SourceIncomplete', streams: missing.map((stream) => descriptorOf(stream).name) }
    },
    limited: (untilMs) => {
      const now = nowMs()
      if (untilMs <= silentUntilMs) return
      silentUntilMs = Math.max(untilMs, now + LEAST_BETWEEN_MS)
      for (const stream of sent) void out.put(rateLimited(descriptorOf(stream), Math.ceil(untilMs), now))
      void out.flush()
    },
  }
}
