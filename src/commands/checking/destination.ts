import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../../capabilities'
import { type DestinationConfig, decode } from '../../destination/config'
import { PACING } from '../../destination/delivery/backoff'
import { probe } from '../../destination/platforms/tiktok/probe'
import { requestsOf } from '../../destination/platforms/tiktok/request'
import type { Failure } from '../../failure'
import { loadConfig } from '../inputs'
import { checkRejects } from './rejects'

/** Proves the token and, where it can, the event set, and that rejects can be kept where they are to be; no event is written. */
export const checkDestination =
  (caps: Capabilities) =>
  (configPath: string): TE.TaskEither<Failure, string | undefined> =>
    pipe(
      loadConfig(caps)(configPath, decode),
      TE.chain((config) => () => prove(caps, config)),
      TE.map((remarks) => remarks.join(' ')),
    )

/** Both sides at a time, for each may take all of a check's patience; what is wrong with the platform is told first. */
const prove = async (
  caps: Capabilities,
  { platform, object_storage_config }: DestinationConfig,
): Promise<E.Either<Failure, ReadonlyArray<string>>> => {
  const [proved, kept] = await Promise.all([
    probe(caps, PACING, platform, requestsOf(platform)),
    checkRejects(caps, object_storage_config)(),
  ])
  return pipe(
    proved,
    E.chain((proof) =>
      pipe(
        kept,
        E.map((remark) => [...(proof === 'token' ? [TOKEN_ONLY] : []), PHONE_DIGESTS, ...remark]),
      ),
    ),
  )
}

const TOKEN_ONLY =
  'TikTok takes the token; whether the event set is right shows with the first events (give an advertiser_id whose event sets the token may list to have it looked up).'

const PHONE_DIGESTS =
  'Note: TikTok matches phones hashed with + and country code. Files with plain phones get that; finished digests of digits only do not match there.'
