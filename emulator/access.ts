import type { IncomingMessage } from 'node:http'
import { envelope } from './answers'
import type { Answer } from './answers'
import type { Settings } from './settings'

/** The refusal of a request without a good token in the header Access-Token, or undefined. HTTP stays 200. */
export function judgeToken(request: IncomingMessage, settings: Settings, requestId: string): Answer | undefined {
  const token = request.headers['access-token']
  if (typeof token !== 'string' || token === '') return envelope(requestId, 40104, tokenMissing)
  return settings.access_tokens.includes(token) ? undefined : envelope(requestId, 40105, tokenWrong)
}

/** Word for word what the API answered on 2026-08-13 (api-evangelist/tiktok-ads). */
const tokenMissing = 'Access token is null, you should set it in http header with key Access-Token.'
const tokenWrong = 'Access token is incorrect or has been revoked.'
