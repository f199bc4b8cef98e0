import { spawn } from 'node:child_process'
import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, catalogOf } from './support/catalogs'
import { BARE_ENV, binOf, newFolder, run, start } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, recordLines, stateLines, statusesOf, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { read, startRead } from './support/reading'
import { makeFile, recordStream } from './support/rows'
import { idsOf } from './support/writing'

/** Runs `command` by a shell with real pipes; `$@` are the arguments. */
const shell = (
  command: string,
  args: ReadonlyArray<string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command, 'sh', ...args], { env: BARE_ENV, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()))
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

describeWithMoto('an end that is not the end of the work', (moto) => {
  const folder = newFolder()
  let bucket: Bucket
  let platform: Platform
  const rows = 30_000

  beforeAll(async () => {
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'ends')
    await bucket.put('data/orders.csv', makeFile({ rows, seed: 'ends' }).csv)
  }, 60_000)
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await platform.close()
  })

  it('read | head -n 1 ends with exit 1, without a word on stderr', async () => {
    const config = folder.file('config.json', bucket.config())
    const catalog = folder.file('catalog.json', catalogOf(BOTH))
    const args = [binOf('source-s3-offline-events'), 'read', '--config', config, '--catalog', catalog]
    const { stdout, stderr } = await shell('{ "$@"; echo "exit $?" >&2; } | head -n 1', args)
    expect(stdout).toMatch(/^\{"type":"TRACE".*"STARTED".*\}\n$/)
    expect(stderr).toBe('exit 1\n')
  })

  it.each([
    ['source-s3-offline-events', 'spec', 'true'],
    ['source-s3-offline-events', 'check', 'true'],
    ['source-s3-offline-events', 'discover', 'true'],
    ['source-s3-offline-events', 'discover', 'head -c 1'],
    ['destination-offline-events', 'spec', 'true'],
    ['destination-offline-events', 'check', 'true'],
    ['destination-offline-events', 'discover', 'head -c 1'],
  ] as const)('%s %s | %s is no error', async (bin, verb, reader) => {
    const isSource = bin === 'source-s3-offline-events'
    const config = folder.file(`${bin}.json`, isSource ? bucket.config() : destinationConfig(platform))
    const args = [binOf(bin), verb, ...(verb === 'spec' ? [] : ['--config', config])]
    expect((await shell(`{ "$@"; echo "exit $?" >&2; } | ${reader}`, args)).stderr).toBe('exit 0\n')
  })

  it.each(['spec', 'discover'])('%s > /dev/full is an error: the answer is lost', async (verb) => {
    const config = folder.file('full.json', bucket.config())
    const args = [binOf('source-s3-offline-events'), verb, ...(verb === 'spec' ? [] : ['--config', config])]
    expect((await shell('"$@" > /dev/full; echo "exit $?" >&2', args)).stderr).toMatch(NO_SPACE)
  })

  it('read > /dev/full ends with exit 1, and says beside the output that it is full', async () => {
    const config = folder.file('full.json', bucket.config())
    const catalog = folder.file('catalog.json', catalogOf(BOTH))
    const args = [binOf('source-s3-offline-events'), 'read', '--config', config, '--catalog', catalog]
    expect((await shell('"$@" > /dev/full; echo "exit $?" >&2', args)).stderr).toMatch(NO_SPACE)
  })

  it('SIGTERM in mid-read: states that hold, INCOMPLETE, and death by SIGTERM', async () => {
    const config = bucket.config({ checkpoint_rows: 500 })
    const { child, ended } = startRead(folder, { config, unread: true })
    // Unread, the output holds the reader inside the file: it can't be through before the signal comes.
    await new Promise((resolve) => child.stdout.once('readable', resolve))
    child.kill('SIGTERM')
    child.stdout.resume()
    const run = await ended
    expect({ code: run.code, signal: run.signal, stderr: run.stderr }).toEqual({
      code: null,
      signal: 'SIGTERM',
      stderr: '',
    })
    expect(errorsOf(run)).toEqual([])
    for (const stream of BOTH) expect(statusesOf(run, stream)).toEqual(['STARTED', 'RUNNING', 'INCOMPLETE'])
    const emitted = recordLines(run, EVENTS)
    expect(emitted.length).toBeGreaterThan(0)
    expect(emitted.length).toBeLessThan(rows)
    expect(totalsOf(run).emitted).toBe(emitted.length)
    const rest = await read(folder, { config, state: stateLines(run) })
    expect(rest.code).toBe(0)
    expect(emitted.length + recordLines(rest, EVENTS).length).toBe(rows)
    expect(new Set([...emitted, ...recordLines(rest, EVENTS)]).size).toBe(rows)
  })
})

/** One TRACE where it can still be said. */
const NO_SPACE = /^\{"type":"TRACE",.*no space is left.*"failure_type":"system_error".*\}\nexit 1\n$/

describe('write', () => {
  const folder = newFolder()
  let platform: Platform
  beforeAll(async () => (platform = await startPlatform()))
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  it.each([
    ['open', false],
    ['at its end', true],
  ])('after a SIGTERM sends nothing more than is in flight, stdin being %s', async (_, atEnd) => {
    await platform.reset({ latency_ms: 300 })
    const limits = { max_events_per_request: 10, max_requests_in_flight: 1 }
    const config = folder.file('config.json', destinationConfig(platform, limits))
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const { child, ended } = start('destination-offline-events', ['write', '--config', config, '--catalog', catalog])
    child.stdin.write(recordStream(idsOf('stopped', 200), 10))
    if (atEnd) child.stdin.end()
    await platform.requests(3)
    child.kill('SIGTERM')
    const said = await ended
    expect({ signal: said.signal, stderr: said.stderr }).toEqual({ signal: 'SIGTERM', stderr: '' })
    // One is in flight, and one may have been on its way when the signal came.
    const { requests, events } = await platform.summary()
    expect(requests.total).toBeLessThanOrEqual(4)
    expect(stateLines(said)).toHaveLength(events.stored / 10)
    expect(totalsOf(said)).toMatchObject({ accepted: events.stored, requests: requests.total })
  })

  it('whose output nobody reads any more ends with exit 1, without a word on stderr', async () => {
    await platform.reset({ latency_ms: 20 })
    const limits = { max_events_per_request: 10, max_requests_in_flight: 1 }
    const config = folder.file('config.json', destinationConfig(platform, limits))
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const input = folder.file('input.jsonl', recordStream(idsOf('gone', 2_000), 10))
    const args = [binOf('destination-offline-events'), 'write', '--config', config, '--catalog', catalog]
    const { stdout, stderr } = await shell(`{ "$@" < '${input}'; echo "exit $?" >&2; } | head -n 1`, args)
    expect(stdout).toMatch(/^\{"type":"STATE".*"after":10\}.*\n$/)
    expect(stderr).toBe('exit 1\n')
    // Nobody would have heard of the rest.
    expect((await platform.summary()).events.stored).toBeLessThan(2_000)
  })

  it('> /dev/full ends with exit 1, and says beside the output that it is full', async () => {
    await platform.reset({ latency_ms: 20 })
    const limits = { max_events_per_request: 10, max_requests_in_flight: 1 }
    const config = folder.file('config.json', destinationConfig(platform, limits))
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const input = folder.file('input.jsonl', recordStream(idsOf('full', 2_000), 10))
    const args = [binOf('destination-offline-events'), 'write', '--config', config, '--catalog', catalog]
    expect((await shell(`"$@" < '${input}' > /dev/full; echo "exit $?" >&2`, args)).stderr).toMatch(NO_SPACE)
    expect((await platform.summary()).events.stored).toBeLessThan(2_000)
  })

  /** Leaves a process so many file handles to open when it makes its first connection. */
  const withHandlesLeft = (handles: number): NodeJS.ProcessEnv => {
    const held = `const { openSync, closeSync } = require('node:fs')
      const { Socket } = require('node:net')
      const { connect } = Socket.prototype
      Socket.prototype.connect = function (...args) {
        Socket.prototype.connect = connect
        const held = []
        try { for (;;) held.push(openSync('/dev/null')) } catch {}
        for (const handle of held.slice(0, ${handles})) closeSync(handle)
        return connect.apply(this, args)
      }`
    return { ...BARE_ENV, NODE_OPTIONS: `--require=${folder.file('hold-handles.js', held)}` }
  }

  it.each([
    [0, 1],
    [4, 0],
    [8, 0],
  ])('with %d file handles left ends with exit %d, and acknowledges what was delivered', async (handles, exit) => {
    await platform.reset({ latency_ms: 20 })
    const limits = { max_events_per_request: 10, max_requests_in_flight: 32 }
    const config = folder.file('config.json', destinationConfig(platform, limits))
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const ids = idsOf('handles', 1_000)
    const said = await run('destination-offline-events', ['write', '--config', config, '--catalog', catalog], {
      input: recordStream(ids, 100),
      env: withHandlesLeft(handles),
    })
    const { stored } = (await platform.summary()).events
    expect({ exit: said.code, stderr: said.stderr }).toEqual({ exit, stderr: '' })
    expect(stateLines(said)).toHaveLength(stored / 100)
    expect(stored).toBe(exit === 0 ? ids.length : 0)
    if (exit === 1) expect(errorsOf(said)).toEqual([expect.stringMatching(/^system_error: .*ulimit -n/)])
  })

  it('whose own code throws at the very end tells of it, and is no success', async () => {
    await platform.reset({ refuse_event_ids: ['crash-3'], refuse_message: 'kaboom' })
    const crash = `const { normalize } = String.prototype
      String.prototype.normalize = function (form) {
        if (this.includes('kaboom')) throw new Error('of our own making')
        return normalize.call(this, form)
      }`
    const config = folder.file('config.json', destinationConfig(platform))
    const catalog = folder.file('catalog.json', catalogOf([EVENTS]))
    const said = await run('destination-offline-events', ['write', '--config', config, '--catalog', catalog], {
      input: recordStream(idsOf('crash', 10), 10),
      env: { ...BARE_ENV, NODE_OPTIONS: `--require=${folder.file('crash.js', crash)}` },
    })
    expect({ code: said.code, stderr: said.stderr, states: stateLines(said) }).toEqual({
      code: 1,
      stderr: '',
      states: [],
    })
    expect(errorsOf(said)).toEqual([expect.stringMatching(/^system_error: .*a fault of its own/)])
  })
})
