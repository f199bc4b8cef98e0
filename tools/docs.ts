import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { destinationSpecification } from '../src/destination/specification'
import { sourceSpecification } from '../src/source/specification'
import { configurationPage } from './configuration'

/** Writes what is made from the code. Links of the specifications are taken relative to docs/. */
writeFileSync(
  join(__dirname, '..', '..', 'docs', 'configuration.md'),
  configurationPage(sourceSpecification('.'), destinationSpecification()),
)
