import picomatch from 'picomatch'
import type { ObjectRef } from '../capabilities'
import { sha256 } from '../template/hash'
import { type SourceConfig, prefixOf } from './config'

/**
 * Whether an object is a file to read; `marker` is what consoles leave where a folder was made, no file at all, and `others` a file of
 * another partition.
 */
export type Choice = 'file' | 'ignored' | 'marker' | 'others'

/** Chooses by file_pattern (on the key below the folder, without case), start_date and partition. */
export const chooser = (config: SourceConfig): ((object: ObjectRef) => Choice) => {
  const matches = picomatch(config.file_pattern, { nocase: true })
  const folderLength = prefixOf(config).length
  const { partition } = config
  const startMs = config.start_date === undefined ? -Infinity : Date.parse(config.start_date)
  return ({ key, bytes, modifiedMs }) => {
    if (key.endsWith('/') && bytes === 0) return 'marker'
    if (partition !== undefined && partOf(key, partition.count) !== partition.index) return 'others'
    return matches(key.slice(folderLength)) && modifiedMs >= startMs ? 'file' : 'ignored'
  }
}

/** The part that a key falls to: by its digest, so that it stays the same whatever else lies in the folder. */
const partOf = (key: string, count: number): number => parseInt(sha256(key).slice(0, 12), 16) % count
