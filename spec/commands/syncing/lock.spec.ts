import * as E from 'fp-ts/Either'
import type { Capabilities } from '../../../src/capabilities'
import { acquire } from '../../../src/commands/syncing/lock'
import type { Failure } from '../../../src/failure'
import { memoryDisk } from '../../support/memory'

const PATH = 'state.json.lock'
const START_MS = Date.UTC(2026, 10, 23)

/** A machine on whose disk several processes work; `sleep` moves the clock on. */
const newMachine = () => {
  const files = new Map<string, string>()
  const clock = { ms: START_MS }
  const alive = new Set<number>()
  const disk = memoryDisk(files, () => clock.ms)
  const processOf = (pid: number, host = 'a', machine = 'm'): Outside => {
    alive.add(pid)
    return {
      disk,
      self: { host, machine, pid, isAlive: (other) => alive.has(other) },
      nowMs: () => clock.ms,
      random: () => pid / 1000,
      sleep: async (ms) => {
        clock.ms += ms
        await Promise.resolve()
      },
      repeat: async (everyMs, until, work) => {
        while (!until.aborted) {
          clock.ms += everyMs
          await work()
        }
      },
    }
  }
  return { files, clock, alive, disk, processOf }
}

type Outside = Pick<Capabilities, 'disk' | 'self' | 'nowMs' | 'random' | 'sleep' | 'repeat'>

const held = async (caps: Outside) => {
  const lock = await acquire(caps, PATH)
  if (E.isLeft(lock)) throw new Error(lock.left._tag)
  return lock.right
}

describe('the lock of a state file', () => {
  it('is one run’s alone, and gone after it', async () => {
    const { files, processOf } = newMachine()
    const lock = await held(processOf(1))
    expect(JSON.parse(files.get(PATH) ?? '')).toMatchObject({
      host: 'a',
      pid: 1,
      heartbeat: '2026-11-23T00:00:00.000Z',
    })
    expect(await acquire(processOf(2), PATH)).toEqual(
      E.left({ _tag: 'AlreadyRunning', host: 'a', pid: 1, secondsAgo: 0 }),
    )
    await lock.release()
    expect(files.size).toBe(0)
    await held(processOf(2))
  })

  it.each([
    ['119 seconds after its last sign of life on another host', 'b', 119_000, false],
    ['two minutes after it', 'b', 120_000, true],
    ['at once where its process is gone from this host', 'a', 1_000, true],
  ])('of a run that died is void: %s', async (_, host, afterMs, isVoid) => {
    const { alive, clock, processOf } = newMachine()
    await held(processOf(1, host))
    alive.delete(1)
    clock.ms += afterMs
    expect(E.isRight(await acquire(processOf(2), PATH))).toBe(isVoid)
  })

  it('of a process of our own number is that of a run that died, unless it runs on another machine', async () => {
    const { clock, processOf } = newMachine()
    await held(processOf(1))
    expect(E.isRight(await acquire(processOf(1), PATH))).toBe(true)
    // Of containers of one host name each sees its own processes only.
    expect(E.isLeft(await acquire(processOf(1, 'a', 'other'), PATH))).toBe(true)
    expect(E.isLeft(await acquire(processOf(2, 'a', 'other'), PATH))).toBe(true)
    clock.ms += 120_000
    expect(E.isRight(await acquire(processOf(2, 'a', 'other'), PATH))).toBe(true)
  })

  it('that is half written is as old as its file', async () => {
    const { clock, disk, files, processOf } = newMachine()
    files.set(PATH, '{"host":"a","pi')
    expect(await acquire(processOf(2), PATH)).toMatchObject({ left: { _tag: 'AlreadyRunning', secondsAgo: 0 } })
    const old = {
      ...processOf(3),
      disk: { ...disk, read: () => Promise.resolve(E.right({ text: files.get(PATH) ?? '', modifiedMs: START_MS })) },
    }
    clock.ms += 121_000
    files.set(PATH, '{"host":"a","pi')
    // The file it then writes is read as old too, and is told apart by its content.
    expect(E.isRight(await acquire(old, PATH))).toBe(true)
  })

  it('of two that take over at once the later one has it, and the earlier one is told', async () => {
    const { clock, files, processOf } = newMachine()
    await held(processOf(1, 'gone'))
    clock.ms += 200_000
    const first = processOf(2)
    const second = processOf(3)
    const late = {
      ...first,
      // While the first one waits the second one writes over its lock.
      sleep: async (ms: number) => {
        const before = files.get(PATH)
        files.set(
          PATH,
          JSON.stringify({ host: 'a', machine: 'm', pid: 3, heartbeat: new Date(clock.ms).toISOString(), run: 'its' }),
        )
        expect(before).toContain('"pid":2')
        await second.sleep(ms)
      },
    }
    expect(await acquire(late, PATH)).toMatchObject({ left: { _tag: 'AlreadyRunning', pid: 3 } })
  })

  it('beats while its run works, and tells the run when another has taken it', async () => {
    const { clock, files, processOf } = newMachine()
    const caps = processOf(1)
    const over = new AbortController()
    const lost: Array<Failure> = []
    const beats: Array<string> = []
    const lock = await held({
      ...caps,
      repeat: (everyMs, until, work) =>
        caps.repeat(everyMs, until, async () => {
          beats.push(String((JSON.parse(files.get(PATH) ?? '{}') as { heartbeat?: string }).heartbeat))
          if (beats.length === 4)
            files.set(PATH, '{"host":"b","pid":9,"heartbeat":"2026-11-23T00:01:00.000Z","run":"its"}')
          await work()
        }),
    })
    await lock.hold(over.signal, (why) => lost.push(why))
    expect(lost).toEqual([{ _tag: 'LockLost' }])
    expect(beats.map((beat) => (Date.parse(beat) - START_MS) / 1000)).toEqual([0, 15, 30, 45])
    expect(clock.ms - START_MS).toBe(60_000)
    // What is another's stays.
    await lock.release()
    expect(files.get(PATH)).toContain('"pid":9')
  })

  it('can’t be made where the disk does not let it', async () => {
    const { disk, processOf } = newMachine()
    const caps = { ...processOf(1), disk: { ...disk, create: () => Promise.resolve(E.left('EACCES')) } }
    expect(await acquire(caps, PATH)).toEqual(E.left({ _tag: 'DiskFailed', file: 'lock', trouble: 'EACCES' }))
  })
})
