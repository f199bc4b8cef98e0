import * as E from 'fp-ts/Either'
import { loadKnown, newSaver } from '../../../src/commands/syncing/state-file'
import type { Failure } from '../../../src/failure'
import { streamState } from '../../../src/protocol/message'
import { parseStates } from '../../../src/protocol/state'
import { memoryDisk } from '../../support/memory'

const NOW_MS = Date.UTC(2026, 10, 23)
const PATH = 'state.json'

const newPlace = () => {
  const files = new Map<string, string>()
  return { files, disk: memoryDisk(files, () => NOW_MS), nowMs: () => NOW_MS }
}

const HELD = { isHeld: () => Promise.resolve(true) }

const lineAt = (row: number): string => streamState('offline_events', { version: 2, row }, 5)

describe('a state file', () => {
  it('that is not there, or empty, is a first run', async () => {
    const { disk, files } = newPlace()
    const first = E.right({ streams: new Map(), run: undefined })
    expect(await loadKnown(disk, PATH)).toEqual(first)
    files.set(PATH, '\n')
    expect(await loadKnown(disk, PATH)).toEqual(first)
  })

  it('is read by the piped connectors as theirs, and theirs by us', async () => {
    const { disk, files, nowMs } = newPlace()
    const piped = [streamState('offline_events_rejected', { version: 2, row: 3 }, 1), lineAt(1)].join('\n')
    files.set(PATH, piped)
    const known = await loadKnown(disk, PATH)
    if (E.isLeft(known)) throw new Error()
    expect([...known.right.streams.keys()].sort()).toEqual(['offline_events', 'offline_events_rejected'])
    expect(known.right.run).toBeUndefined()

    const saver = newSaver({ disk, nowMs }, PATH, 'offline_events', known.right.streams, HELD, fail)
    saver.take(lineAt(2))
    expect(E.isRight(await saver.close(true))).toBe(true)
    expect(parseStates(files.get(PATH) ?? '')).toEqual(
      E.right(
        new Map([
          ['offline_events_rejected', { version: 2, row: 3 }],
          ['offline_events', { version: 2, row: 2 }],
        ]),
      ),
    )
  })

  it.each([true, false])('says when it was saved and whether its run came to the end: %s', async (isComplete) => {
    const { disk, files, nowMs } = newPlace()
    const saver = newSaver({ disk, nowMs }, PATH, 'offline_events', new Map(), HELD, fail)
    saver.take(lineAt(2))
    await saver.close(isComplete)
    const known = await loadKnown(disk, PATH)
    expect(known).toMatchObject({ right: { run: { savedAtMs: NOW_MS, isComplete } } })
    expect(files.get(PATH)?.split('\n')).toHaveLength(2)
  })

  it('of states that come while one is written is given the last only', async () => {
    const { disk, files, nowMs } = newPlace()
    const written: Array<string> = []
    const slow = {
      ...disk,
      replace: async (path: string, text: string) => {
        await new Promise((resolve) => setImmediate(resolve))
        written.push(/"row":(\d+)/.exec(text)?.[1] ?? '')
        return disk.replace(path, text)
      },
    }
    const saver = newSaver({ disk: slow, nowMs }, PATH, 'offline_events', new Map(), HELD, fail)
    for (let row = 1; row <= 9; row++) saver.take(lineAt(row))
    await saver.close(false)
    expect(written).toEqual(['1', '9'])
    expect(files.get(PATH)).toContain('"row":9')
  })

  it('that can’t be written ends the run, and is not tried again', async () => {
    const { disk, nowMs } = newPlace()
    const failures: Array<Failure> = []
    let tries = 0
    const full = {
      ...disk,
      replace: () => {
        tries++
        return Promise.resolve(E.left('ENOSPC'))
      },
    }
    const saver = newSaver({ disk: full, nowMs }, PATH, 'offline_events', new Map(), HELD, (why) => failures.push(why))
    saver.take(lineAt(1))
    await new Promise((resolve) => setImmediate(resolve))
    saver.take(lineAt(2))
    const failure: Failure = { _tag: 'DiskFailed', file: 'state', trouble: 'ENOSPC' }
    expect(await saver.close(true)).toEqual(E.left(failure))
    expect({ failures, tries }).toEqual({ failures: [failure], tries: 1 })
  })

  it('that another run has taken over is not written any more', async () => {
    const { disk, files, nowMs } = newPlace()
    files.set(PATH, 'the other run’s')
    const failures: Array<Failure> = []
    const lost = { isHeld: () => Promise.resolve(false) }
    const saver = newSaver({ disk, nowMs }, PATH, 'offline_events', new Map(), lost, (why) => failures.push(why))
    saver.take(lineAt(1))
    expect(await saver.close(true)).toEqual(E.left({ _tag: 'LockLost' }))
    expect([files.get(PATH), failures]).toEqual(['the other run’s', [{ _tag: 'LockLost' }]])
  })

  it('that is none is refused, without a word of it', async () => {
    const { disk, files } = newPlace()
    files.set(PATH, 'ann@example.com')
    const refused = await loadKnown(disk, PATH)
    expect(refused).toMatchObject({ left: { _tag: 'InputInvalid', input: 'state' } })
    expect(JSON.stringify(refused)).not.toContain('ann')
  })
})

const fail = (): never => {
  throw new Error('nothing fails here')
}
