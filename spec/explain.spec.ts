import * as t from 'io-ts'
import { explain } from '../src/explain'
import { left } from './support/either'

const Person = t.type({ name: t.string, tags: t.array(t.string, 'a list of tags') }, 'a person')

const complaints = (codec: t.Mixed, json: unknown) => explain(left(codec.decode(json)))

describe('explain', () => {
  test.each([
    ['the whole', Person, 5, ['expected a person']],
    ['a key', Person, { name: 5, tags: [] }, ['name: expected string']],
    ['a missing key', Person, { tags: [] }, ['name: expected string']],
    [
      'a place in a list',
      Person,
      { name: 'x', tags: ['a', 5, 'c', null] },
      ['tags.1: expected string', 'tags.3: expected string'],
    ],
    ['a list', Person, { name: 'x', tags: 'a' }, ['tags: expected a list of tags']],
    [
      'a place deep inside',
      t.type({ people: t.array(Person) }),
      {
        people: [
          { name: 'x', tags: [] },
          { name: 1, tags: [] },
        ],
      },
      ['people.1.name: expected string'],
    ],
    ['several', Person, {}, ['name: expected string', 'tags: expected a list of tags']],
  ])('%s is named by its place and what was expected there', (_, codec, json, expected) => {
    expect(complaints(codec, json)).toEqual(expected)
  })

  test('the complaints of the members of a union are one about the union', () => {
    const Either = t.type({ id: t.union([t.string, t.number, t.type({ a: t.string })], 'an id') })
    expect(complaints(Either, { id: true })).toEqual(['id: expected an id'])
    expect(complaints(Either, { id: { a: 5 } })).toEqual(['id: expected an id'])
    expect(complaints(t.union([t.string, t.null], 'a text or null'), 5)).toEqual(['expected a text or null'])
  })

  test('the members of an intersection do not show in the path', () => {
    const Both = t.type({ x: t.intersection([t.type({ a: t.string }), t.partial({ b: t.number })], 'both') })
    expect(complaints(Both, { x: { a: 'ok', b: 'no' } })).toEqual(['x.b: expected number'])
    expect(complaints(Both, { x: {} })).toEqual(['x.a: expected string'])
  })

  test('the same complaint is made once', () => {
    const Twice = t.intersection([t.type({ a: t.string }), t.type({ a: t.string })], 'twice')
    expect(complaints(Twice, { a: 1 })).toEqual(['a: expected string'])
  })

  test.each(['jane@example.com', { token: 'canary' }, ['canary'], 12345678])('the value %j is never shown', (value) => {
    const text = JSON.stringify([
      ...complaints(Person, { name: value, tags: { value } }),
      ...complaints(t.union([t.boolean, t.null]), value),
      ...complaints(t.keyof({ a: null, b: null }), value),
      ...complaints(t.literal('x'), value),
    ])
    expect(text).not.toMatch(/canary|jane|12345678/)
  })
})
