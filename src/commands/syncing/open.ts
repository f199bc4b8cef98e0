import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, Files } from '../../capabilities'
import type { DestinationConfig } from '../../destination/config'
import { newCourier } from '../../destination/delivery/deliver'
import { rehearsal } from '../../destination/delivery/rehearsal'
import { NO_KEEPER, type RejectKeeper } from '../../destination/delivery/rejects'
import { tiktok } from '../../destination/platforms/tiktok/index'
import type { Failure } from '../../failure'
import { newGatherer } from '../../figures/figures'
import type { Resumption } from '../../report/account'
import type { SourceConfig } from '../../source/config'
import { Cursor } from '../../source/cursor'
import { chooser } from '../../source/selection'
import * as State from '../../source/state'
import { loadDestination, loadSource } from '../given'
import { invalid, remarksOf } from '../inputs'
import { bucketOf, placeOf } from '../reading/open'
import { type Session, newSession, newStream } from '../reading/session'
import { type Writing, newWriting } from '../writing/writing'
import { openRejects } from '../writing/rejects'
import { type Findings, newFindings } from './findings'
import type { Lock } from './lock'
import { STREAM, deliveryOf } from './outlet'
import { both, openRejectsFile } from './rejects-file'
import { ANEW, type Known, NO_SAVER, type Saver, loadKnown, newSaver, probe } from './state-file'

/** What `sync` is asked for. */
export interface SyncInputs {
  /** A file of this machine; without it the folder of the source's config is read. */
  readonly file: string | undefined
  readonly source: string | undefined
  readonly destination: string
  /** Without it, which only a dry run may be, nothing is known to be sent before. */
  readonly state: string | undefined
  readonly isDryRun: boolean
  readonly rejects: string | undefined
  /** Settings of the source given on the command line: they stand before those of its config. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** The configs of both sides, decoded. */
export interface Configs {
  readonly source: SourceConfig
  readonly destination: DestinationConfig
  readonly remarks: ReadonlyArray<string>
}

/** One run of `sync`. */
export interface Syncing {
  readonly session: Session
  readonly writing: Writing
  readonly saver: Saver
  readonly findings: Findings
  readonly known: Known
  readonly configs: Configs
}

/** Decodes the configs that the command line names. */
export const loadConfigs = (caps: Capabilities, inputs: SyncInputs): TE.TaskEither<Failure, Configs> =>
  pipe(
    TE.Do,
    TE.bind('source', () =>
      loadSource(caps, { file: inputs.file, config: inputs.source, settings: inputs.settings }, 'source'),
    ),
    TE.bind('destination', () => loadDestination(caps, inputs.destination)),
    TE.map(({ source, destination }) => ({
      // What goes straight into delivery is hashed whatever else the config is used for.
      source: { ...source.config, pii: 'hash' as const },
      destination: destination.config,
      remarks: [...remarksOf(source), ...remarksOf(destination, 'destination')],
    })),
  )

/** From configs to a run: the state is read, the bucket or file opened, and the rejects' place made ready. */
export const openSync = (
  caps: Capabilities,
  inputs: SyncInputs,
  configs: Configs,
  lock: Lock,
): TE.TaskEither<Failure, Syncing> =>
  pipe(
    TE.Do,
    TE.bind('known', () => () => knownOf(caps, inputs)),
    TE.bind('cursor', ({ known }) => TE.fromEither(cursorOf(inputs, configs.source, known))),
    TE.bind('files', () => openFiles(caps, inputs, configs.source)),
    TE.chainFirst(() => () => probed(caps, inputs)),
    TE.bind('resumed', ({ known, cursor }) => TE.right(resumptionOf(known, cursor, nameOf(inputs)))),
    TE.bind('keeper', ({ resumed }) => openKeeper(caps, inputs, configs.destination, resumed !== undefined)),
    TE.map(({ known, cursor, files, keeper, resumed }) =>
      begin(caps, inputs, configs, { known, cursor, files, keeper, resumed, lock }),
    ),
  )

const NOTHING_KNOWN: Known = { streams: new Map(), run: undefined }

const knownOf = ({ disk }: Capabilities, { state }: SyncInputs): Promise<E.Either<Failure, Known>> =>
  state === undefined ? Promise.resolve(E.right(NOTHING_KNOWN)) : loadKnown(disk, state)

const probed = ({ disk }: Capabilities, { isDryRun, state }: SyncInputs): Promise<E.Either<Failure, void>> =>
  state === undefined || isDryRun ? Promise.resolve(E.right(undefined)) : probe(disk, state)

/** Where the state says that the run goes on; a file of this machine is read however old it is. */
const cursorOf = (inputs: SyncInputs, source: SourceConfig, { streams }: Known): E.Either<Failure, Cursor> => {
  const lookbackMs = isLocal(inputs) ? Infinity : source.lookback_hours * 3_600_000
  const state = streams.get(STREAM)
  if (state === undefined) return E.right(new Cursor(lookbackMs))
  return pipe(
    State.decode(placeIn(inputs, source), lookbackMs)(state),
    E.mapLeft((problem) => invalid('state', [`${STREAM}: ${problem}; ${ANEW}`])),
  )
}

/** The name of a file of this machine, without its folders. */
export const nameOf = ({ file }: Pick<SyncInputs, 'file'>): string | undefined => file?.split('/').at(-1)

const isLocal = ({ file }: SyncInputs): boolean => file !== undefined

/** Files of this machine are no bucket's: the state of one is refused by the other. No bucket has such a name. */
const LOCAL_FILES: State.Place = { bucket: '(files of this machine)', prefix: '', partition: undefined }

const placeIn = (inputs: SyncInputs, source: SourceConfig): State.Place =>
  isLocal(inputs) ? LOCAL_FILES : placeOf(source)

const openFiles = (
  caps: Capabilities,
  { file, isDryRun }: SyncInputs,
  source: SourceConfig,
): TE.TaskEither<Failure, Files> =>
  file === undefined ? caps.openBucket(bucketOf(source)) : caps.openLocal(file, isDryRun ? 'read-once' : 'remembered')

/** The rejects go into the file that was asked for, and into the bucket of the destination's config. A dry run writes nothing there. */
const openKeeper = (
  caps: Capabilities,
  { isDryRun, rejects }: SyncInputs,
  destination: DestinationConfig,
  goesOn: boolean,
): TE.TaskEither<Failure, RejectKeeper> =>
  pipe(
    isDryRun ? TE.right(NO_KEEPER) : openRejects(caps, destination, []),
    TE.chain((bucket) =>
      rejects === undefined
        ? TE.right(bucket)
        : pipe(
            () => openRejectsFile(caps.disk, rejects, goesOn),
            TE.map((file) => (bucket === NO_KEEPER ? file : both(file, bucket))),
          ),
    ),
  )

/**
 * An earlier run that did not come to its end. Of the piped connectors' states, and of a file of this machine where others were sent
 * since, only that it was begun tells of one.
 */
const resumptionOf = ({ run }: Known, cursor: Cursor, file: string | undefined): Resumption | undefined => {
  const filesOpen = [...cursor.open.values()].map(({ object, row }) => ({ key: object.key, row }))
  const isBegun = filesOpen.some(({ key, row }) => row > 0 && (file === undefined || key === file))
  const isCutOff = run === undefined || file !== undefined ? isBegun : !run.isComplete
  return isCutOff ? { savedAtMs: run?.savedAtMs, filesDone: cursor.history.size, filesOpen } : undefined
}

interface Opened {
  readonly known: Known
  readonly cursor: Cursor
  readonly files: Files
  readonly keeper: RejectKeeper
  readonly resumed: Resumption | undefined
  readonly lock: Lock
}

const begin = (
  caps: Capabilities,
  inputs: SyncInputs,
  configs: Configs,
  { known, cursor, files, keeper, resumed, lock }: Opened,
): Syncing => {
  const { source, destination, remarks } = configs
  const { isDryRun, state } = inputs
  const nowMs = caps.nowMs()
  const gatherer = newGatherer(Math.floor(nowMs / 1000), tiktok(destination.platform).window)
  const findings = newFindings(nowMs, gatherer, resumed)
  for (const remark of remarks) findings.remarks.add(remark)
  const ends = { saver: NO_SAVER }
  const writing = newWriting(caps, {
    config: destination,
    keeper,
    echo: (states) => {
      const last = states.at(-1)
      if (last !== undefined) ends.saver.take(last.line)
      return undefined
    },
    limited: () => undefined,
    courierOf: isDryRun ? rehearsal : (options, channel, listener) => newCourier(caps, channel, options, listener),
    gatherer,
  })
  if (state !== undefined && !isDryRun) ends.saver = newSaver(caps, state, STREAM, known.streams, lock, writing.fail)
  const session = newSession({
    // Where delivery can't go on there is no use in reading further.
    caps: { ...caps, stop: AbortSignal.any([caps.stop, writing.halted]) },
    config: source,
    place: placeIn(inputs, source),
    objects: files,
    // The pattern, the date and the part are for choosing in a folder; a file that is named is chosen.
    choose: isLocal(inputs) ? () => 'file' : chooser(source),
    isWhole: !isLocal(inputs),
    streams: [newStream(STREAM, cursor)],
    passes: () => source.extra_columns === 'pass_through',
    outlet: deliveryOf(writing, keeper, findings),
    rejectsBy: STREAM,
  })
  return { session, writing, saver: ends.saver, findings, known, configs }
}
