import { parseArgs } from 'node:util'
import { startEmulator } from './server'

/** `--port N [--set JSON]`: prints one line `{"url":...}` and serves until SIGTERM or SIGINT, then exits 0. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { port: { type: 'string', default: '0' }, set: { type: 'string', default: '{}' } },
  })
  const settings: unknown = JSON.parse(values.set)
  const emulator = await startEmulator({ port: Number(values.port), settings })
  const stop = () => void emulator.close()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.stdout.write(`${JSON.stringify({ url: emulator.url })}\n`)
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`emulator: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
