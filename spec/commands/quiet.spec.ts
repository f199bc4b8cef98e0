import { withQuiet } from '../../src/commands/writing/quiet'

/** An input whose chunks the test lets go one by one; `undefined` ends it. */
const input = () => {
  const gates: Array<(chunk: ReadonlyArray<string> | undefined) => void> = []
  let closed = false
  const chunks = async function* (): AsyncGenerator<ReadonlyArray<string>> {
    try {
      for (;;) {
        const chunk = await new Promise<ReadonlyArray<string> | undefined>((resolve) => gates.push(resolve))
        if (chunk === undefined) return
        yield chunk
      }
    } finally {
      closed = true
    }
  }
  return {
    chunks: chunks(),
    give: (chunk: ReadonlyArray<string> | undefined) => gates.shift()?.(chunk),
    isClosed: () => closed,
  }
}

const never = (): Promise<void> => new Promise(() => undefined)

describe('withQuiet', () => {
  test('chunks pass as they come', async () => {
    const { chunks, give } = input()
    const quiet = withQuiet(chunks, never)
    const first = quiet.next()
    give(['a'])
    expect(await first).toEqual({ done: false, value: ['a'] })
    const last = quiet.next()
    give(undefined)
    expect((await last).done).toBe(true)
  })

  test('a quiet while is an empty chunk, and the chunk that comes later is not lost', async () => {
    const { chunks, give } = input()
    const whiles: Array<() => void> = []
    const quiet = withQuiet(chunks, () => new Promise((resolve) => whiles.push(resolve)))
    const first = quiet.next()
    whiles.shift()?.()
    expect(await first).toEqual({ done: false, value: [] })
    const next = quiet.next()
    give(['a'])
    expect(await next).toEqual({ done: false, value: ['a'] })
  })

  test('a while in which a chunk came was not quiet, and one timer serves all chunks', async () => {
    const { chunks, give } = input()
    const whiles: Array<() => void> = []
    const quiet = withQuiet(chunks, () => new Promise((resolve) => whiles.push(resolve)))
    for (let i = 0; i < 100; i++) {
      const next = quiet.next()
      give([String(i)])
      await next
    }
    expect(whiles.length).toBe(1)
    const next = quiet.next()
    whiles.shift()?.()
    // Turns for the watch to begin another while.
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
    expect(whiles.length).toBe(1)
    give(['last'])
    expect(await next).toEqual({ done: false, value: ['last'] })
  })

  test('whoever stops listening closes the input', async () => {
    const { chunks, give, isClosed } = input()
    const quiet = withQuiet(chunks, never)
    const first = quiet.next()
    give(['a'])
    await first
    await quiet.return()
    expect(isClosed()).toBe(true)
  })
})
