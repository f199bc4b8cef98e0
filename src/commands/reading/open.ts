import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, Capabilities, Credentials, Objects } from '../../capabilities'
import type { Failure } from '../../failure'
import { type ConfiguredCatalog, fieldsOf } from '../../protocol/catalog'
import { log } from '../../protocol/message'
import type { StreamStates } from '../../protocol/state'
import { type SourceConfig, decode, prefixOf } from '../../source/config'
import { Cursor } from '../../source/cursor'
import { chooser } from '../../source/selection'
import * as State from '../../source/state'
import { RESET, invalid, loadCatalog, loadConfig, loadStates } from '../inputs'
import { messagesTo } from './messages'
import { type Session, type StreamRun, newSession, newStream } from './session'
import { isStreamName } from './streams'

export interface ReadPaths {
  readonly config: string
  readonly catalog: string
  readonly state: string | undefined
}

/** From the files on the command line to a session: everything is decoded here, and the bucket opened. */
export const openSession =
  (caps: Capabilities) =>
  (paths: ReadPaths): TE.TaskEither<Failure, Session> =>
    pipe(
      loadConfig(caps)(paths.config, decode),
      TE.chain((config) =>
        pipe(
          loadStreams(caps, config, paths),
          TE.chain((selected) => pipe(caps.openBucket(bucketOf(config)), TE.map(sessionOf(caps, config, selected)))),
        ),
      ),
    )

/** What the catalog selects. */
type Selected = Pick<Session, 'streams' | 'passes'>

const sessionOf =
  (caps: Capabilities, config: SourceConfig, { streams, passes }: Selected) =>
  (objects: Objects): Session =>
    newSession({
      caps,
      config,
      place: placeOf(config),
      objects,
      choose: chooser(config),
      isWhole: true,
      streams,
      passes,
      outlet: messagesTo(caps),
      rejectsBy: 'offline_events_rejected',
    })

/** The selected streams, each at the cursor of its state. */
const loadStreams = (caps: Capabilities, config: SourceConfig, paths: ReadPaths): TE.TaskEither<Failure, Selected> =>
  pipe(
    loadCatalog(caps, paths.catalog),
    TE.chain((catalog) =>
      pipe(
        loadStates(caps, paths.state),
        TE.chainEitherK((states) =>
          pipe(
            streamsOf(config, catalog, states),
            E.map((streams) => ({ states, streams })),
          ),
        ),
        // Only now are the streams known to be ours: any other's name is not shown.
        TE.tapIO(
          ({ states }) =>
            () =>
              warnOfFullRefresh(caps, catalog, states),
        ),
        TE.map(({ streams }) => ({ streams, passes: passesOf(config, catalog) })),
      ),
    ),
  )

/** How the config's bucket is reached. */
export const bucketOf = ({
  bucket,
  region,
  endpoint,
  credentials,
  body_idle_timeout_seconds,
  requester_pays,
  expected_bucket_owner,
}: SourceConfig): Bucket => ({
  use: 'files',
  name: bucket,
  region,
  endpoint,
  credentials: credentialsOf(credentials),
  bodyIdleMs: body_idle_timeout_seconds * 1000,
  requesterPays: requester_pays,
  expectedOwner: expected_bucket_owner,
})

const credentialsOf = (credentials: SourceConfig['credentials']): Credentials => {
  switch (credentials.auth_type) {
    case 'access_key':
      return {
        _tag: 'AccessKey',
        accessKeyId: credentials.aws_access_key_id,
        secretAccessKey: credentials.aws_secret_access_key,
        sessionToken: credentials.aws_session_token,
      }
    case 'assume_role':
      return {
        _tag: 'AssumedRole',
        roleArn: credentials.role_arn,
        externalId: credentials.external_id,
        base: undefined,
        stsEndpoint: credentials.sts_endpoint,
      }
    case 'default_chain':
      return { _tag: 'Environment' }
  }
}

/** The place that states of a config's folder belong to. */
export const placeOf = (config: SourceConfig): State.Place => ({
  bucket: config.bucket,
  prefix: prefixOf(config),
  partition: config.partition,
})

const streamsOf = (
  config: SourceConfig,
  { streams }: ConfiguredCatalog,
  states: StreamStates,
): E.Either<Failure, ReadonlyArray<StreamRun>> => {
  const lookbackMs = config.lookback_hours * 3_600_000
  const runs: Array<StreamRun> = []
  for (const [i, { stream }] of streams.entries()) {
    const { name } = stream
    if (!isStreamName(name))
      return E.left(
        invalid('catalog', [`streams.${i}.stream.name: expected offline_events or offline_events_rejected`]),
      )
    if (runs.some((run) => run.name === name))
      return E.left(invalid('catalog', [`streams.${i}: the stream is there twice`]))
    const state = states.get(name)
    const cursor =
      state === undefined ? E.right(new Cursor(lookbackMs)) : State.decode(placeOf(config), lookbackMs)(state)
    if (E.isLeft(cursor)) return E.left(invalid('state', [`${name}: ${cursor.left}; ${RESET}`]))
    runs.push(newStream(name, cursor.right))
  }
  return E.right(runs)
}

/** With pass_through, what `discover` declared; a catalog that declares nothing leaves all to the file. */
const passesOf = ({ extra_columns }: SourceConfig, { streams }: ConfiguredCatalog): Session['passes'] => {
  if (extra_columns === 'drop') return () => false
  const events = streams.find(({ stream }) => stream.name === 'offline_events')
  const declared = events === undefined ? undefined : fieldsOf(events)
  return (header) => declared === undefined || declared.has(header)
}

const warnOfFullRefresh = (caps: Capabilities, { streams }: ConfiguredCatalog, states: StreamStates): void => {
  const names = streams
    .filter(({ sync_mode, stream }) => sync_mode === 'full_refresh' && !states.has(stream.name))
    .map(({ stream }) => stream.name)
  if (names.length > 0)
    void caps.out.put(
      log(
        'WARN',
        `Every sync reads and sends everything again: ${names.join(', ')} in full_refresh. Use incremental to send only what is new.`,
      ),
    )
}
