const newline = 0x0a
const recordStart = Buffer.from('{"type":"RECORD"')
const eventTime = Buffer.from('"event_time"')

/** A running count over the bytes of a stream, fed chunk by chunk. */
export type Count = { bytes: number; found: number; last: Buffer }

const empty = Buffer.alloc(0)

/** A count at zero. */
export const noCount = (): Count => ({ bytes: 0, found: 0, last: empty })

/**
 * Counts lines that start with `{"type":"RECORD"`. It looks at each line's first bytes only: it runs beside the measured
 * program on a machine of few cores.
 */
export const recordCounter = (count: Count): ((chunk: Buffer) => void) => {
  let head: Buffer = empty
  let judged = false
  return (chunk) => {
    count.bytes += chunk.length
    count.last = chunk
    const bytes = head.length > 0 ? Buffer.concat([head, chunk]) : chunk
    head = empty
    let at = 0
    for (;;) {
      if (!judged) {
        const end = at + recordStart.length
        if (end > bytes.length && bytes.indexOf(newline, at) < 0) {
          head = bytes.subarray(at)
          return
        }
        if (end <= bytes.length && bytes.compare(recordStart, 0, recordStart.length, at, end) === 0) count.found++
        judged = true
      }
      const next = bytes.indexOf(newline, at)
      if (next < 0) return
      judged = false
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
