import { randomUUID } from 'node:crypto'
import * as runtime from '../../../src/runtime/http'
import { replace } from './replace'

/** Each sending gives the events ids that nobody has seen before: the platform can't tell a repeat. */
replace(runtime, 'newHttp', (newHttp) => (quit) => {
  const http = newHttp(quit)
  const renamed = (body: string): string => body.replace(/"event_id":"[^"]*"/g, () => `"event_id":"${randomUUID()}"`)
  return { send: ({ body, ...request }) => http.send({ ...request, body: body === undefined ? body : renamed(body) }) }
})
