import fc from 'fast-check'
import { Xxh64 } from '../../src/source/xxh64'
import { cut, cuts } from '../support/csv'
import { law } from '../support/laws'

const sumOf = (pieces: ReadonlyArray<Buffer>): string => {
  const sum = new Xxh64()
  for (const piece of pieces) sum.update(piece)
  return sum.digest().toString(16)
}

describe('Xxh64', () => {
  test.each([
    ['', 'ef46db3751d8e999'],
    ['a', 'd24ec4f1a98c6e5b'],
    ['abc', '44bc2cf5ad770999'],
    ['Nobody inspects the spammish repetition', 'fbcea83c8a378bf1'],
  ])('of %j is as published', (text, sum) => {
    expect(sumOf([Buffer.from(text)])).toBe(sum)
  })

  test('does not depend on the pieces', () => {
    law([fc.uint8Array({ maxLength: 300 }), cuts], (array, places) => {
      const bytes = Buffer.from(array)
      expect(sumOf(cut(bytes, places))).toBe(sumOf([bytes]))
    })
  })
})
