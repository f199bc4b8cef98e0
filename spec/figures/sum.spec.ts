import fc from 'fast-check'
import { newSum } from '../../src/figures/sum'
import { law } from '../support/laws'

const sumOf = (amounts: ReadonlyArray<number>): string => {
  const sum = newSum()
  for (const amount of amounts) sum.add(amount)
  return sum.text()
}

/** Whole units of the last decimal, and how many decimals: the amount as people write it. */
const amount = fc.record({ units: fc.nat(999_999_999), decimals: fc.nat(6) })
const textOf = ({ units, decimals }: { units: number; decimals: number }): string =>
  decimals === 0
    ? String(units)
    : String(units)
        .padStart(decimals + 1, '0')
        .replace(new RegExp(`(.{${decimals}})$`), '.$1')

/** A decimal text by whole numbers alone: in units of the sixth decimal. */
const millionths = (decimal: string): bigint => {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(6, '0'))
}

describe('a sum', () => {
  test.each([
    [[], '0'],
    [[0], '0'],
    [Array.from({ length: 10 }, () => 0.1), '1'],
    [[0.1, 0.2], '0.3'],
    [[1.005, 2.675], '3.68'],
    [[46.5], '46.5'],
    [[1e-7, 1], '1.0000001'],
    [[1e21, 1], '1000000000000000000001'],
    [[5e-324], `0.${'0'.repeat(323)}5`],
    [[9_007_199_254_740_991, 9_007_199_254_740_991], '18014398509481982'],
    [Array.from({ length: 1000 }, () => 9_999_999_999_999.99), '9999999999999990'],
  ])('of %j is %s', (amounts, text) => {
    expect(sumOf(amounts)).toBe(text)
  })

  test('is that of the texts, to the last digit', () => {
    law([fc.array(amount, { maxLength: 60 })], (amounts) => {
      const texts = amounts.map(textOf)
      const whole = texts.reduce((sum, text) => sum + millionths(text), 0n)
      expect(millionths(sumOf(texts.map(Number)))).toBe(whole)
    })
  })

  test('knows no order, and sums of parts are parts of the sum', () => {
    law(
      [fc.array(fc.double({ min: 0, max: 1e18, noNaN: true }), { minLength: 1, maxLength: 20 }), fc.nat()],
      (amounts, at) => {
        const [head, tail] = [amounts.slice(0, at % amounts.length), amounts.slice(at % amounts.length)]
        const parts = newSum()
        parts.addText(sumOf(tail))
        parts.addText(sumOf(head))
        expect(parts.text()).toBe(sumOf(amounts))
        expect(sumOf([...amounts].reverse())).toBe(sumOf(amounts))
      },
    )
  })
})
