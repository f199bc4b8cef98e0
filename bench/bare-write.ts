import { hash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'

/*
 * The yardstick of `write`: the same parser, hashes, stringify and HTTP client, and nothing else. No validation, no
 * states, no retries: the first answer that is not an acceptance ends the run. A body is stringified in one piece, which
 * is a tenth faster than event by event.
 */

type Target = Readonly<{ apiUrl: string; accessToken: string; eventSetId: string }>

type Message = Readonly<{
  type: string
  record: {
    data: {
      event_name: string
      event_time: number
      currency: string
      value: number
      transaction_id: string
      Email_hashed: string
      Phone_hashed: string
    }
  }
}>

const maxEvents = 1000
const maxInFlight = 32

const eventOf = ({ record: { data } }: Message): object => ({
  event: data.event_name,
  event_time: data.event_time,
  event_id: data.transaction_id,
  user: {
    email: [hash('sha256', data.Email_hashed.trim().toLowerCase())],
    phone: [hash('sha256', `+${data.Phone_hashed.replace(/\D/g, '')}`)],
  },
  properties: { value: data.value, currency: data.currency, order_id: data.transaction_id },
})

const poster = ({ apiUrl, accessToken, eventSetId }: Target): ((events: readonly object[]) => Promise<void>) => {
  const pool = new Pool(apiUrl, { connections: maxInFlight })
  const headers = { 'Access-Token': accessToken, 'Content-Type': 'application/json' }
  return async (events) => {
    const request = { method: 'POST', path: '/open_api/v1.3/event/track/', headers } as const
    const text = JSON.stringify({ event_source: 'offline', event_source_id: eventSetId, data: events })
    const { statusCode, body } = await pool.request({ ...request, body: text })
    const { code } = (await body.json()) as { code: number }
    if (statusCode !== 200 || code !== 0) throw new Error(`HTTP ${statusCode}, code ${code}`)
  }
}

const main = (target: Target): Promise<void> =>
  new Promise((resolve, reject) => {
    const input = process.stdin.setEncoding('utf8')
    const post = poster(target)
    let events: object[] = []
    let rest = ''
    let inFlight = 0
    let ended = false

    const settle = (): void => {
      inFlight--
      if (inFlight < maxInFlight) input.resume()
      if (ended && inFlight === 0) resolve()
    }
    const flush = (): void => {
      inFlight++
      post(events).then(settle, reject)
      events = []
      if (inFlight >= maxInFlight) input.pause()
    }
    input.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const message = JSON.parse(line) as Message
        if (message.type !== 'RECORD') continue
        events.push(eventOf(message))
        if (events.length >= maxEvents) flush()
      }
    })
    input.on('error', reject)
    input.on('end', () => {
      ended = true
      if (events.length > 0) flush()
      if (inFlight === 0) resolve()
    })
  })

const text = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { 'api-url': text, 'access-token': text, 'event-set-id': text } })

main({ apiUrl: values['api-url'], accessToken: values['access-token'], eventSetId: values['event-set-id'] }).catch(
  (error: unknown) => {
    process.stderr.write(`bare-write: ${String(error)}\n`)
    process.stdin.destroy()
    process.exitCode = 1
  },
)
