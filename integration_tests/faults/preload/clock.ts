import { appendFileSync } from 'node:fs'
import { seededChance } from '../../../emulator/chance'

/*
 * The clock of the machine is set while the connector runs: at every other look it has jumped, by up to twelve hours, forward or
 * backward. Each jump leaves a byte in the log.
 */
const MOST_MS = 12 * 3_600_000

const chance = seededChance(Number(process.env['FAULTS_SEED']))
const log = process.env['FAULTS_CLOCK_LOG'] ?? ''
const trueNow = Date.now.bind(Date)
let offMs = 0

Date.now = () => {
  if (chance() < 0.5) {
    offMs = Math.round((chance() * 2 - 1) * MOST_MS)
    appendFileSync(log, '.')
  }
  return trueNow() + offMs
}
