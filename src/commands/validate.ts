import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, ObjectRef } from '../capabilities'
import { type Failure, sentence } from '../failure'
import { exceeds } from '../rows/limit'
import { prefixOf } from '../source/config'
import { total } from '../template/tally'
import { styleOf } from '../terminal/style'
import { jsonText, nameText } from '../terminal/text'
import { linkOf } from '../troubleshooting'
import { stoppable } from './stoppable'
import { remark } from './telling/remarks'
import { type Account, outcomeOf } from './validating/account'
import { validateFile } from './validating/file'
import { filesOf } from './validating/files'
import { accountJson, failureJson } from './validating/json'
import { type ValidateInputs, type Validation, openValidation } from './validating/open'
import { accountLines } from './validating/text'

/** How the process is to end: all rows can be sent (or as many as the limit asks for), some can not, or the work failed. */
export type Ending = 'success' | 'rejected' | 'failure' | 'stopped'

export interface ValidateCommand extends ValidateInputs {
  readonly json: boolean
  readonly maxRejectedPercent: number | undefined
}

/** Judges a file or a folder as `read` and `write` would, sends nothing, and tells what would become of it. */
export const validate =
  (caps: Capabilities) =>
  async (command: ValidateCommand): Promise<Ending> => {
    const found = await pipe(
      openValidation(caps)(command),
      TE.chain((validation) => () => run(validation, command)),
      // Nothing has to be settled: also a pipe that brings nothing is left at once.
      stoppable(caps.stop),
    )()
    return E.isLeft(found) ? tellFailure(caps, command, found.left) : tellAccount(caps, command, found.right)
  }

const run = async (validation: Validation, command: ValidateCommand): Promise<E.Either<Failure, Account>> => {
  const { counting } = validation
  const files = await filesOf(validation)
  if (E.isLeft(files)) return files
  for (const file of files.right) {
    const judged = await validateFile(validation, file)
    if (E.isLeft(judged)) return judged
  }
  if (files.right.length === 0) remark(counting, NO_FILES)
  const { rows, records, wouldSend, duplicates, rejected } = counting
  const { maxRejectedPercent } = validation
  if (exceeds(records - wouldSend - duplicates, records, maxRejectedPercent))
    remark(counting, tooMany(maxRejectedPercent))
  return rows === wouldSend + duplicates + total(rejected.counts)
    ? E.right(accountOf(validation, command, subjectOf(validation, files.right)))
    : E.left({ _tag: 'CountsDisagree', counts: `${rows} rows, ${wouldSend} to send, ${duplicates} duplicates` })
}

const NO_FILES = 'There is no matching file: check path_prefix, file_pattern and start_date if there should be one.'

const tooMany = (percent: number): string =>
  `A sync would fail: more records are rejected than max_rejected_percent (${percent}) of the destination's config allows.`

/** A file by its name, a folder by its place in the bucket. */
const subjectOf = ({ config, isLocal }: Validation, files: ReadonlyArray<ObjectRef>): string =>
  isLocal ? (files[0]?.key ?? '') : `${config.bucket}/${prefixOf(config)}`

const accountOf = (
  { counting, nowSeconds, window }: Validation,
  { platform, maxRejectedPercent }: ValidateCommand,
  subject: string,
): Account => {
  const { gatherer, unknownColumns, remarks, ...counts } = counting
  return {
    ...counts,
    subject,
    platform,
    atSeconds: nowSeconds,
    window,
    unknownColumns: [...unknownColumns],
    remarks: [...remarks],
    figures: gatherer.figures(),
    outcome: outcomeOf(counting, maxRejectedPercent),
  }
}

const tellAccount = async (caps: Capabilities, { json }: ValidateCommand, account: Account): Promise<Ending> => {
  const lines = json ? [jsonText(accountJson(account))] : accountLines(account, styleOf(caps.hasColours))
  for (const line of lines) void caps.out.put(line)
  const flushed = await caps.out.flush()
  const isLost = E.isLeft(flushed) && flushed.left._tag === 'OutputClosed' && flushed.left.full
  return isLost ? tellFailure(caps, { json: false }, flushed.left) : ENDINGS[account.outcome._tag]
}

const ENDINGS: Readonly<Record<Account['outcome']['_tag'], Ending>> = {
  clean: 'success',
  tolerable: 'success',
  rejected: 'rejected',
  intolerable: 'failure',
  'files-failed': 'failure',
}

const tellFailure = async (
  caps: Capabilities,
  { json }: Pick<ValidateCommand, 'json'>,
  failure: Failure,
): Promise<Ending> => {
  const message = nameText(failure._tag === 'Stopped' ? STOPPED : sentence(failure))
  const see = linkOf(failure)
  if (json) void caps.out.put(jsonText(failureJson(message, see)))
  await caps.out.flush()
  caps.lastWord(see === undefined ? message : `${message}\nSee ${see}`)
  return failure._tag === 'Stopped' ? 'stopped' : 'failure'
}

const STOPPED = 'Stopped by a signal before all rows were judged. Nothing was sent: run again.'
