const newline = 0x0a
const recordStart = Buffer.from('{"type":"RECORD"')
const stateStart = Buffer.from('{"type":"STATE"')
const eventTime = Buffer.from('"event_time"')

/** A running count over the bytes of a stream, fed chunk by chunk. */
export type Count = { bytes: number; found: number; last: Buffer }

const empty = Buffer.alloc(0)

/** A count at zero. */
export const noCount = (): Count => ({ bytes: 0, found: 0, last: empty })

/** What a program says on stdout: records are `found`. */
export type Output = Count & { states: number; largestStateBytes: number }

/** Nothing said so far. */
export const noOutput = (): Output => ({ ...noCount(), states: 0, largestStateBytes: 0 })

const startsWith = (bytes: Buffer, at: number, start: Buffer): boolean =>
  bytes.length - at >= start.length && bytes.compare(start, 0, start.length, at, at + start.length) === 0

/**
 * Counts lines that start with `{"type":"RECORD"`, and those that start with `{"type":"STATE"` and their bytes. It looks at
 * each line's first bytes only: it runs beside the measured program on a machine of few cores.
 */
export const outputCounter = (count: Output): ((chunk: Buffer) => void) => {
  let head: Buffer = empty
  let judged = false
  let isState = false
  /** Bytes of the line before this chunk. */
  let before = 0
  return (chunk) => {
    count.bytes += chunk.length
    count.last = chunk
    const bytes = head.length > 0 ? Buffer.concat([head, chunk]) : chunk
    head = empty
    let at = 0
    for (;;) {
      if (!judged) {
        if (at + recordStart.length > bytes.length && bytes.indexOf(newline, at) < 0) {
          head = bytes.subarray(at)
          return
        }
        if (startsWith(bytes, at, recordStart)) count.found++
        isState = startsWith(bytes, at, stateStart)
        judged = true
      }
      const next = bytes.indexOf(newline, at)
      if (next < 0) {
        before += bytes.length - at
        return
      }
      if (isState) {
        count.states++
        count.largestStateBytes = Math.max(count.largestStateBytes, before + next - at)
      }
      judged = false
      before = 0
      at = next + 1
    }
  }
}

/**
 * Counts the key `"event_time"`, of which each event holds exactly one. The count is exact: inside a JSON text the
 * quotes would be escaped, so that these bytes can only be a key.
 */
export const eventCounter = (count: Count): ((chunk: Buffer) => void) => {
  let tail: Buffer = empty
  return (chunk) => {
    count.bytes += chunk.length
    const bytes = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk
    for (let at = bytes.indexOf(eventTime); at >= 0; at = bytes.indexOf(eventTime, at + eventTime.length)) count.found++
    tail = bytes.subarray(Math.max(0, bytes.length - eventTime.length + 1))
  }
}
