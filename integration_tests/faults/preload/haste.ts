import { seededChance } from '../../../emulator/chance'

/*
 * Chance by the seed, and small: a retry waits a tenth of what it would, so that hundreds of syncs take minutes. How long it waits
 * is stated in spec/destination/delivery.
 */
const chance = seededChance(Number(process.env['FAULTS_SEED']))
Math.random = () => chance() / 10
