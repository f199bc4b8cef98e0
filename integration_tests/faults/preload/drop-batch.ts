import * as E from 'fp-ts/Either'
import * as runtime from '../../../src/runtime/http'
import { replace } from './replace'

const TAKEN = E.right({ status: 200, body: '{"code":0,"message":"OK","request_id":"","data":{}}' })

/** One request in five is never sent, and taken for accepted. */
replace(runtime, 'newHttp', (newHttp) => (quit) => {
  const http = newHttp(quit)
  let requests = 0
  return { send: (request) => (++requests % 5 === 0 ? Promise.resolve(TAKEN) : http.send(request)) }
})
