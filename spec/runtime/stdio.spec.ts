import { PassThrough, Writable } from 'node:stream'
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { linesOf, outOf } from '../../src/runtime/stdio'

const gather = async (stream: PassThrough, stop = new AbortController().signal): Promise<ReadonlyArray<string>> => {
  const lines: Array<string> = []
  for await (const chunk of linesOf(stream, stop)) lines.push(...chunk)
  return lines
}

describe('linesOf', () => {
  test('text cut anywhere gives the same lines, characters of several bytes whole', async () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' ')),
      { minLength: 1, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60)), async (lines, cuts) => {
        const bytes = Buffer.from(lines.join('\n'))
        const stream = new PassThrough()
        const places = [...new Set(cuts.filter((cut) => cut < bytes.length)), bytes.length].sort((a, b) => a - b)
        places.reduce((from, to) => (stream.write(bytes.subarray(from, to)), to), 0)
        stream.end()
        // Nothing after the last newline is no line.
        expect(await gather(stream)).toEqual(lines[lines.length - 1] === '' ? lines.slice(0, -1) : lines)
      }),
    )
  })

  test('a stop ends it, and half a line is not given out', async () => {
    const stop = new AbortController()
    const stream = new PassThrough()
    stream.write('whole\nhal')
    const lines: Array<string> = []
    for await (const chunk of linesOf(stream, stop.signal)) {
      lines.push(...chunk)
      stop.abort()
    }
    expect(lines).toEqual(['whole'])
    expect(stream.destroyed).toBe(true)
  })
})

/** A reader that takes a piece when it is told to. */
const slowReader = (highWaterMark: number) => {
  const taken: Array<string> = []
  const waiting: Array<() => void> = []
  const stream = new Writable({
    highWaterMark,
    decodeStrings: false,
    write: (piece: string, _encoding, done) => {
      taken.push(piece)
      if (piece === '') done()
      else waiting.push(done)
    },
  })
  return { stream, taken, take: () => waiting.shift()?.() }
}

describe('outOf', () => {
  test('lines are gathered, and nobody waits while the reader keeps up', async () => {
    const stream = new PassThrough()
    const out = outOf(stream, () => undefined)
    expect([out.put('a'), out.put('b')]).toEqual([undefined, undefined])
    expect(stream.read()).toBeNull()
    expect(await out.flush()).toEqual(E.right(undefined))
    expect(String(stream.read())).toBe('a\nb\n')
  })

  test('while the reader is behind the writer waits for it', async () => {
    const { stream, taken, take } = slowReader(10)
    const out = outOf(stream, () => undefined)
    const long = 'x'.repeat(70_000)
    const busy = out.put(long)
    let released = false
    void busy?.then(() => (released = true))
    await Promise.resolve()
    expect([busy === undefined, released, taken.length]).toEqual([false, false, 1])
    take()
    await busy
    expect(released).toBe(true)
  })

  test('nothing is lost or reordered, however slow the reader', async () => {
    const { stream, taken, take } = slowReader(100)
    const out = outOf(stream, () => undefined)
    const lines = Array.from({ length: 50 }, (_, i) => `${i} ${'y'.repeat(5000)}`)
    const pump = setInterval(take, 0)
    for (const line of lines) await out.put(line)
    await out.flush()
    clearInterval(pump)
    expect(taken.join('')).toBe(lines.map((line) => `${line}\n`).join(''))
  })

  test('no space is another failure than no reader', async () => {
    const { stream } = slowReader(10)
    const out = outOf(stream, () => undefined)
    const busy = out.put('x'.repeat(70_000))
    stream.destroy(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }))
    await busy
    expect(await out.flush()).toEqual(E.left({ _tag: 'OutputClosed', full: true }))
  })

  test('a reader that went away is told once, releases who waits, and fails the flush', async () => {
    const { stream } = slowReader(10)
    let gone = 0
    const out = outOf(stream, () => gone++)
    const busy = out.put('x'.repeat(70_000))
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await busy
    expect(out.put('more')).toBeUndefined()
    expect(await out.flush()).toEqual(E.left({ _tag: 'OutputClosed', full: false }))
    expect(gone).toBe(1)
  })
})
