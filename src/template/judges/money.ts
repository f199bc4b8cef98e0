import type { Column } from '../column'
import { fault } from '../fault'
import { type Judge, type Manner, textOf } from './draft'

/** CURRENCY_*: three letters, upper-cased; the default for an empty cell; required for purchases. */
export const currency = (column: Column, manner: Manner): Judge => {
  const missing = fault('CURRENCY_MISSING', column.name)
  const malformed = fault('CURRENCY_MALFORMED', column.name)
  return (draft, cell) => {
    const text = textOf(cell)
    if (text === undefined) {
      draft.event.currency = manner.currency
      return draft.purchase && manner.currency === undefined ? missing : undefined
    }
    if (text === null || !CURRENCY.test(text)) return malformed
    draft.event.currency = text.toUpperCase()
    return undefined
  }
}

/** VALUE_*: a plain decimal number, or a JSON number; required for purchases. */
export const value = (column: Column, { decimal }: Manner): Judge => {
  const form = decimal === ',' ? COMMA_DECIMAL : DECIMAL
  const missing = fault('VALUE_MISSING', column.name)
  const malformed = fault('VALUE_MALFORMED', column.name)
  return (draft, cell) => {
    const { event } = draft
    event.value = undefined
    if (typeof cell === 'number') {
      if (!(cell >= 0 && cell < Infinity)) return malformed
      event.value = cell
      return undefined
    }
    const text = textOf(cell)
    if (text === undefined) return draft.purchase ? missing : undefined
    if (text === null || !form.test(text)) return malformed
    const amount = Number(decimal === ',' ? text.replace(',', '.') : text)
    if (amount === Infinity) return malformed
    event.value = amount
    return undefined
  }
}

const CURRENCY = /^[A-Za-z]{3}$/
const DECIMAL = /^\d+(\.\d+)?$/
const COMMA_DECIMAL = /^\d+(,\d+)?$/
