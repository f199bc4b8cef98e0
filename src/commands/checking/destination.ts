import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../../capabilities'
import { decode } from '../../destination/config'
import { PACING } from '../../destination/delivery/backoff'
import { probe } from '../../destination/platforms/tiktok/probe'
import { requestsOf } from '../../destination/platforms/tiktok/request'
import type { Failure } from '../../failure'
import { loadConfig } from '../inputs'

/** Proves the token and, where it can, the event set; no event is written. */
export const checkDestination =
  (caps: Capabilities) =>
  (configPath: string): TE.TaskEither<Failure, string | undefined> =>
    pipe(
      loadConfig(caps)(configPath, decode),
      TE.chain(
        ({ platform }) =>
          () =>
            probe(caps, PACING, platform, requestsOf(platform)),
      ),
      TE.map((proved) => (proved === 'token' ? `${TOKEN_ONLY} ${PHONE_DIGESTS}` : PHONE_DIGESTS)),
    )

const TOKEN_ONLY =
  'TikTok takes the token; whether the event set is right shows with the first events (give an advertiser_id whose event sets the token may list to have it looked up).'

const PHONE_DIGESTS =
  'Note: TikTok matches phones hashed with + and country code. Files with plain phones get that; finished digests of digits only do not match there.'
