/**
 * The chunks of an input, and an empty chunk where it has been quiet for a while: the moment to send what was gathered, for a
 * source that lists a large bucket, or waits itself, may be quiet for long. `pause` resolves when a while has passed.
 */
export async function* withQuiet<A>(
  chunks: AsyncIterable<ReadonlyArray<A>>,
  pause: () => Promise<void>,
): AsyncGenerator<ReadonlyArray<A>, void, void> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = iterator.next()
      const first = await Promise.race([next, pause()])
      if (first === undefined) yield []
      const chunk = await next
      if (chunk.done === true) return
      yield chunk.value
    }
  } finally {
    await iterator.return?.()
  }
}
