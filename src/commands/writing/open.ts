import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../../capabilities'
import { type DestinationConfig, OBJECT_NAME, decode } from '../../destination/config'
import type { Failure } from '../../failure'
import { type ConfiguredCatalog, type ConfiguredStream, keyOf } from '../../protocol/catalog'
import { log } from '../../protocol/message'
import { invalid, loadCatalog, loadConfig } from '../inputs'
import { openRejects } from './rejects'
import { type Intake, newIntake } from './intake'

export interface WritePaths {
  readonly config: string
  readonly catalog: string
}

/** From the files on the command line to a run that can take in records. */
export const openWriting =
  (caps: Capabilities) =>
  (paths: WritePaths): TE.TaskEither<Failure, Intake> =>
    pipe(
      loadConfig(caps)(paths.config, decode),
      TE.chain((config) =>
        pipe(
          loadCatalog(caps, paths.catalog),
          TE.chainEitherK(appendOnly),
          TE.tapIO((catalog) => () => warnOfOverwrite(caps, catalog)),
          TE.chain((catalog) => begin(caps, config, catalog)),
        ),
      ),
    )

const begin = (
  caps: Capabilities,
  config: DestinationConfig,
  { streams }: ConfiguredCatalog,
): TE.TaskEither<Failure, Intake> =>
  pipe(
    openRejects(caps, config, streams),
    TE.map((keeper) => newIntake(caps, config, new Set(streams.map(keyOf)), keeper)),
  )

/** Events can be added and nothing else: what asks for more is refused, but for overwrite, which is warned of. */
const appendOnly = (catalog: ConfiguredCatalog): E.Either<Failure, ConfiguredCatalog> => {
  const problems = catalog.streams.flatMap((stream, i) => {
    const mode = stream.destination_sync_mode
    if (mode === undefined || mode === null || mode === 'update' || mode === 'soft_delete')
      return [`streams.${i}.destination_sync_mode: expected append (events can't be changed or deleted)`]
    const { destination_object_name: object } = stream
    return [
      ...(isHybrid(stream) ? [`streams.${i}.minimum_generation_id: expected 0 or the generation_id`] : []),
      ...(isKnownObject(object) ? [] : [`streams.${i}.destination_object_name: expected ${OBJECT_NAME}`]),
    ]
  })
  return problems.length === 0 ? E.right(catalog) : E.left(invalid('catalog', problems))
}

const isKnownObject = (name: string | null | undefined): boolean =>
  name === undefined || name === null || name === '' || name === OBJECT_NAME

const isHybrid = ({ minimum_generation_id: least, generation_id }: ConfiguredStream): boolean =>
  least !== undefined && least !== null && least !== 0 && least !== generation_id

/** By its mode, or where the platform wants older generations dropped. */
const asksToReplace = ({ destination_sync_mode: mode, minimum_generation_id: least }: ConfiguredStream): boolean =>
  mode === 'overwrite' || mode === 'overwrite_dedup' || (least !== undefined && least !== null && least !== 0)

const warnOfOverwrite = (caps: Capabilities, { streams }: ConfiguredCatalog): void => {
  const names = streams.filter(asksToReplace).map(({ stream }) => stream.name)
  if (names.length === 0) return
  const message = `The platform only adds events: ${names.join(', ')} is to replace what was sent before; it is sent as append, and nothing is removed.`
  void caps.out.put(log('WARN', message))
}
