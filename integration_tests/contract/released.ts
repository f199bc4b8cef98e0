import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from './json'

/**
 * What a released version printed: the payload of its answer. A release adds its files, and from then on none is changed; 0.1.0 is
 * not out yet, and its files are those of the present.
 */
export const released = (name: string): Json =>
  JSON.parse(readFileSync(join(__dirname, 'released', `${name}.json`), 'utf8')) as Json
