import { startEmulator } from '../../../emulator/server'
import { EMAIL, PHONE, SECRET, TOKEN } from '../canaries'
import { listen, listenWithDeadStdin } from '../sandbox'
import { envelope, oneObject, passOnTo } from '../servers'
import {
  BARE,
  type Case,
  DESTINATION,
  SOURCE,
  type Stage,
  against,
  customers,
  destinationConfig,
  nowish,
  readArgs,
  sourceConfig,
  writeArgs,
} from './case'

const crashed = (name: string, play: Case['play']): Case => ({
  name: `${name} (a crash)`,
  reaches: /"failure_type":"system_error"/,
  end: '1',
  play,
})

/**
 * Loaded by node before the connector: once that runs, an error is thrown in it as by a fault of its own. What the error says
 * comes from the environment, for the script itself is part of the stack.
 */
const THROWS = `const timer = setInterval(() => {
  if (process.listenerCount('uncaughtException') === 0) return
  clearInterval(timer)
  throw Object.assign(new Error(process.env.CANARY_MESSAGE), { name: process.env.CANARY_NAME })
}, 1)`
const THROWN: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(THROWS)}`,
  CANARY_MESSAGE: `${EMAIL} ${PHONE}\n    at ${SECRET} (${TOKEN}:1:1)`,
  CANARY_NAME: `${SECRET} ${TOKEN}`,
}

/** Half of it is more than the first MiB, which the source takes in before it emits a row. */
const LONG_FILE = {
  key: 'data/orders.csv',
  body: `event_name,event_time,email,phone,currency\n${`Lead,${nowish()},${EMAIL},${PHONE},\nLead,${nowish()},,,${EMAIL}\n`.repeat(25_000)}`,
}

/** Sends a part of a file and then nothing more. */
const stalled = oneObject(LONG_FILE, (_, response) => {
  response.writeHead(200, { ETag: '"0"', 'Content-Length': String(Buffer.byteLength(LONG_FILE.body)) })
  response.write(LONG_FILE.body.slice(0, LONG_FILE.body.length / 2))
})

const endpoint = (stage: Stage, url: string): unknown => sourceConfig(stage, { endpoint: url, checkpoint_rows: 100 })

export const ENDS: ReadonlyArray<Case> = [
  {
    name: `${SOURCE} read, a signal in its midst`,
    reaches: /Stopped by a signal/,
    end: 'SIGTERM',
    emitsDigests: true,
    play: (stage) =>
      against(stalled, ({ url }) =>
        listen(SOURCE, readArgs(stage, { config: endpoint(stage, url) }), {}, (child) =>
          child.stdout.on('data', (chunk: Buffer) => {
            // A second one would end it at once.
            if (!child.killed && chunk.includes('"RECORD"')) child.kill('SIGTERM')
          }),
        ),
      ),
  },
  {
    name: `${SOURCE} read, whose reader goes away`,
    reaches: /"STARTED"/,
    end: '1',
    emitsDigests: true,
    play: (stage) =>
      against(stalled, ({ url }) =>
        listen(SOURCE, readArgs(stage, { config: endpoint(stage, url) }), {}, (child) =>
          child.stdout.once('data', () => setImmediate(() => child.stdout.destroy())),
        ),
      ),
  },
  {
    name: `${DESTINATION} write, a signal in its midst`,
    reaches: /Stopped by a signal/,
    end: 'SIGTERM',
    play: async (stage) => {
      const emulator = await startEmulator({ port: 0, settings: { access_tokens: [TOKEN], latency_ms: 100 } })
      let child: { kill: (signal: NodeJS.Signals) => boolean } | undefined
      try {
        return await against(
          (asked, response) => {
            if (asked.nth === 3) child?.kill('SIGTERM')
            passOnTo(emulator.url)(asked, response)
          },
          ({ url }) =>
            listen(
              DESTINATION,
              writeArgs(stage, destinationConfig(url, {}, { max_events_per_request: 10 })),
              { input: customers(500) },
              (started) => (child = started),
            ),
        )
      } finally {
        await emulator.close()
      }
    },
  },
  {
    name: `${DESTINATION} write, whose reader goes away`,
    reaches: /^/,
    end: '1',
    play: (stage) =>
      against(envelope(0, 'OK'), ({ url }) =>
        listen(DESTINATION, writeArgs(stage, destinationConfig(url)), { input: customers(50) }, (child) =>
          child.stdout.destroy(),
        ),
      ),
  },
  crashed(`${DESTINATION} write whose stdin can't be read`, (stage) =>
    against(envelope(0, 'OK'), ({ url }) => listenWithDeadStdin(DESTINATION, writeArgs(stage, destinationConfig(url)))),
  ),
  crashed(`${BARE} write whose stdin can't be read`, (stage) =>
    against(envelope(0, 'OK'), ({ url }) => listenWithDeadStdin(BARE, writeArgs(stage, destinationConfig(url)))),
  ),
  ...[SOURCE, DESTINATION].map((bin) =>
    crashed(`${bin} check in which something throws canaries`, (stage) =>
      against(envelope(0, 'OK'), ({ url }) => {
        const config = bin === SOURCE ? sourceConfig(stage, { endpoint: url }) : destinationConfig(url)
        return listen(bin, ['check', '--config', stage.file(config)], { env: THROWN })
      }),
    ),
  ),
]
