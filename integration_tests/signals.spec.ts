import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type Server, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { EVENTS, catalogOf } from './support/catalogs'
import { BARE_ENV, type Bin, binOf, newFolder, start } from './support/connector'
import { destinationConfig } from './support/emulator'
import { errorsOf, statusesOf } from './support/messages'
import { recordStream } from './support/rows'

/** Takes connections and says nothing, ever: whoever asks it waits until a signal comes. */
interface Silent {
  readonly url: string
  /** Resolves when the next connection is made: the asker waits from then on. */
  readonly asked: () => Promise<void>
  readonly close: () => Promise<void>
}

const startSilent = async (): Promise<Silent> => {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    // Once something was sent.
    socket.once('data', () => server.emit('asked'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: async () => {
      await once(server, 'asked')
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const SOURCE: Bin = 'source-s3-offline-events'
const DESTINATION: Bin = 'destination-offline-events'

describe('a verb that waits for the other side', () => {
  const folder = newFolder()
  let silent: Silent
  beforeAll(async () => (silent = await startSilent()))
  afterAll(async () => {
    folder.remove()
    await silent.close()
  })

  const argsOf = (bin: Bin, verb: string): ReadonlyArray<string> => {
    const source = {
      bucket: 'b',
      path_prefix: 'data',
      credentials: { auth_type: 'access_key', aws_access_key_id: 'id', aws_secret_access_key: 'secret' },
      endpoint: silent.url,
      extra_columns: 'pass_through',
    }
    const config = folder.file(`${bin}.json`, bin === SOURCE ? source : destinationConfig(silent))
    const catalog = ['--catalog', folder.file('catalog.json', catalogOf([EVENTS]))]
    return [verb, '--config', config, ...(verb === 'read' || verb === 'write' ? catalog : [])]
  }

  /** Of `write` more is wanted: what is in flight may settle. */
  const VERBS: ReadonlyArray<readonly [Bin, string]> = [
    [SOURCE, 'check'],
    [SOURCE, 'discover'],
    [SOURCE, 'read'],
    [DESTINATION, 'check'],
  ]

  it.each(VERBS)('%s %s: SIGTERM ends it at once, by the signal, and answers nothing', async (bin, verb) => {
    const asked = silent.asked()
    const { child, ended } = start(bin, argsOf(bin, verb), { input: '' })
    await asked
    const since = Date.now()
    child.kill('SIGTERM')
    const said = await ended
    expect({ code: said.code, signal: said.signal, stderr: said.stderr }).toEqual({
      code: null,
      signal: 'SIGTERM',
      stderr: '',
    })
    expect(Date.now() - since).toBeLessThan(10_000)
    expect(errorsOf(said)).toEqual([])
    expect(said.messages.filter(({ type }) => type === 'CONNECTION_STATUS' || type === 'CATALOG')).toEqual([])
    if (verb === 'read') expect(statusesOf(said, EVENTS)).toEqual(['STARTED', 'INCOMPLETE'])
    expect(said.messages.some(({ type }) => type === 'STATE')).toBe(false)
  })

  it.each(VERBS)('%s %s: SIGINT ends it likewise', async (bin, verb) => {
    const asked = silent.asked()
    const { child, ended } = start(bin, argsOf(bin, verb), { input: '' })
    await asked
    child.kill('SIGINT')
    const said = await ended
    expect({ signal: said.signal, stderr: said.stderr }).toEqual({ signal: 'SIGINT', stderr: '' })
  })

  it.each<readonly [string, ReadonlyArray<NodeJS.Signals>, number, number]>([
    ['a signal gives what is in flight 30 seconds', ['SIGTERM'], 29_000, 34_000],
    ['a second signal ends it at once', ['SIGTERM', 'SIGINT'], 0, 10_000],
  ])('write: %s, and no state is echoed', async (_, signals, least, most) => {
    const asked = silent.asked()
    const { child, ended } = start(DESTINATION, argsOf(DESTINATION, 'write'), { input: recordStream(['waiting'], 1) })
    await asked
    const since = Date.now()
    for (const signal of signals) child.kill(signal)
    const said = await ended
    const tookMs = Date.now() - since
    expect({ code: said.code, stderr: said.stderr }).toEqual({ code: null, stderr: '' })
    expect(signals).toContain(said.signal)
    expect(tookMs).toBeGreaterThanOrEqual(least)
    expect(tookMs).toBeLessThan(most)
    expect(said.messages.some(({ type }) => type === 'STATE')).toBe(false)
  })

  const namespaces = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0
  const asFirst = namespaces ? it : it.skip

  asFirst.each(VERBS)(
    '%s %s: SIGTERM as PID 1, where signals have no effect of their own, ends it with exit 143' +
      (namespaces ? '' : ' (skipped: this machine allows no PID namespace)'),
    async (bin, verb) => {
      const asked = silent.asked()
      const outer = spawn('unshare', ['--pid', '--fork', process.execPath, binOf(bin), ...argsOf(bin, verb)], {
        env: BARE_ENV,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const said = outputOf(outer)
      await asked
      process.kill(onlyChildOf(outer), 'SIGTERM')
      const [code, signal] = (await once(outer, 'close')) as [number | null, NodeJS.Signals | null]
      expect({ code, signal, stderr: said.stderr }).toEqual({ code: 143, signal: null, stderr: '' })
      expect(said.stdout).toContain('Stopped by a signal')
    },
  )
})

/** The process that unshare waits for: PID 1 of its namespace. */
const onlyChildOf = ({ pid }: ChildProcess): number => {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
  return Number(children.trim())
}

const outputOf = (child: ChildProcess): { stdout: string; stderr: string } => {
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (piece: Buffer) => (said.stdout += piece.toString()))
  child.stderr?.on('data', (piece: Buffer) => (said.stderr += piece.toString()))
  return said
}

describe('a signal after the answer', () => {
  it('does no harm: the answer is whole, and the exit 0', async () => {
    const { child, ended } = start(SOURCE, ['spec'], { input: '' })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    const said = await ended
    expect({ code: said.code, signal: said.signal, stderr: said.stderr }).toEqual({ code: 0, signal: null, stderr: '' })
    expect(said.messages.map(({ type }) => type)).toEqual(['SPEC'])
  })
})
