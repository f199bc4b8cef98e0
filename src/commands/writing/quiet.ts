/**
 * The chunks of an input, and an empty chunk where it has been quiet for a while: the moment to send what was gathered, for a
 * source that lists a large bucket, or waits itself, may be quiet for long. `pause` resolves when a while has passed; only one is
 * under way at a time, and none holds on to a chunk: a race with a timer for each chunk kept a second's worth of input in memory.
 */
export async function* withQuiet<A>(
  chunks: AsyncIterable<ReadonlyArray<A>>,
  pause: () => Promise<void>,
): AsyncGenerator<ReadonlyArray<A>, void, void> {
  const iterator = chunks[Symbol.asyncIterator]()
  const state = { seen: 0, over: false, fallQuiet: (): void => undefined }
  const watch = async (): Promise<void> => {
    while (!state.over) {
      const { seen } = state
      await pause()
      if (state.seen === seen) state.fallQuiet()
    }
  }
  void watch()
  try {
    for (;;) {
      const next = iterator.next()
      const quiet = await new Promise<boolean>((resolve) => {
        state.fallQuiet = () => resolve(true)
        const come = (): void => resolve(false)
        next.then(come, come)
      })
      if (quiet) yield []
      const chunk = await next
      if (chunk.done === true) return
      state.seen++
      yield chunk.value
    }
  } finally {
    state.over = true
    await iterator.return?.()
  }
}
