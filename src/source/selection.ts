import picomatch from 'picomatch'
import type { ObjectRef } from '../capabilities'
import { type SourceConfig, prefixOf } from './config'

/** Whether an object is a file to read; `marker` is what consoles leave where a folder was made, no file at all. */
export type Choice = 'file' | 'ignored' | 'marker'

/** Chooses by file_pattern (on the key below the folder, without case) and start_date. */
export const chooser = (config: SourceConfig): ((object: ObjectRef) => Choice) => {
  const matches = picomatch(config.file_pattern, { nocase: true })
  const folderLength = prefixOf(config).length
  const startMs = config.start_date === undefined ? -Infinity : Date.parse(config.start_date)
  return ({ key, bytes, modifiedMs }) => {
    if (key.endsWith('/') && bytes === 0) return 'marker'
    return matches(key.slice(folderLength)) && modifiedMs >= startMs ? 'file' : 'ignored'
  }
}
