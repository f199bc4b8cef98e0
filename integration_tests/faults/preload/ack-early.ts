import * as delivery from '../../../src/destination/delivery/ledger'
import { replace } from './replace'

/** States leave before what they cover is sent: a batch counts as settled from the moment it is begun. */
replace(delivery, 'newLedger', (newLedger) => () => {
  const ledger = newLedger()
  return {
    ...ledger,
    open: () => {
      const batch = ledger.open()
      ledger.settle(batch)
      return batch
    },
    settle: () => undefined,
  }
})
