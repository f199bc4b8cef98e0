import { chmodSync } from 'node:fs'
import { KEY_ID, SECRET } from '../support/bucket'
import { run } from '../support/connector'
import { destinationConfig } from '../support/emulator'
import * as Compatible from './assertions/compatibility'
import { DRAFT, fitting, isSchema } from './assertions/schema'
import * as Specification from './assertions/specification'
import { type Case, type Doctored, describeCases } from './cases'
import { commonCases, oneAnswer } from './common'
import { first, having, message, without } from './doctoring'
import { DESTINATION, SOURCE, newGuest } from './guest'
import { type Json, objectAt } from './json'
import { released } from './released'
import { newRuns } from './runs'
import { type Assertion, type Said, messagesOf, when } from './said'

/** What `spec` printed, what the last release printed, and a config that is good. */
interface Specified extends Said {
  readonly released: Json
  readonly config: Json
}

const CONFIGS = {
  source: {
    _id: 'put in by somebody else',
    bucket: 'acme-offline',
    path_prefix: 'my folder/this table',
    credentials: { auth_type: 'access_key', aws_access_key_id: KEY_ID, aws_secret_access_key: SECRET },
  },
  destination: destinationConfig({ url: 'https://api.example.com' }),
}

/** The `spec` of a run. */
const specOf = (said: Said): Json => objectAt(messagesOf(said, 'SPEC')[0]?.json, 'spec')

/** A demand on the schema of the config. */
const schema =
  (demand: Specification.Demand): Assertion<Specified> =>
  (said) =>
    demand(objectAt(specOf(said), 'connectionSpecification'))

/** A rule on the released and the present schema. */
const compared =
  (rule: Compatible.Comparison): Assertion<Specified> =>
  (said) =>
    rule(objectAt(said.released, 'connectionSpecification'), objectAt(specOf(said), 'connectionSpecification'))

/** A spec with another value at a path of its schema. */
const schemaWith = (how: string, path: string, value: unknown): Doctored<Specified> => ({
  how,
  change: first(message('SPEC'), having(`spec.connectionSpecification.${path}`, value)),
})

const schemaWithout = (how: string, path: string): Doctored<Specified> => ({
  how,
  change: first(message('SPEC'), without(`spec.connectionSpecification.${path}`)),
})

const specWith = (how: string, path: string, value: unknown): Doctored<Specified> => ({
  how,
  change: first(message('SPEC'), having(`spec.${path}`, value)),
})

const text = { type: 'string' }
const objectOf = (properties: Json): Json => ({ type: 'object', properties })
const variant = (only: string, over: Json = {}): Json => objectOf({ kind: { ...text, const: only, ...over } })
const choiceOf = (...oneOf: ReadonlyArray<Json>): Json => ({ type: 'object', oneOf })

const FORM_CASES: ReadonlyArray<Case<Specified>> = [
  {
    name: 'a good config satisfies the connectionSpecification',
    complaints: (said) => {
      const config = Object.fromEntries(Object.entries(said.config).filter(([key]) => !key.startsWith('_')))
      return fitting(objectAt(specOf(said), 'connectionSpecification'))(config)
    },
    doctored: [
      schemaWith('a type that the config does not have', 'properties.bucket.type', 'integer'),
      schemaWith('one more required key', 'required', ['bucket', 'colour']),
    ],
    allowed: [schemaWith('one more optional key', 'properties.colour', text)],
  },
  {
    name: 'the connectionSpecification is a JSON Schema of draft-07',
    complaints: schema((specification) => [
      ...when(specification['$schema'] !== DRAFT, 'it names another draft'),
      ...when(specification['type'] !== 'object', 'it is not of type object'),
      ...when(!isSchema(specification), 'it is no JSON Schema'),
    ]),
    doctored: [
      schemaWith('an unknown type', 'properties.bucket.type', 'text'),
      schemaWith('required on a property, as in draft-03', 'properties.bucket.required', true),
      schemaWith('a list of types at the root', 'type', ['object', 'null']),
      schemaWithout('no word of the draft', '$schema'),
    ],
  },
  {
    name: 'protocol_version is 0.x.y',
    complaints: (said) => {
      const version = String(specOf(said)['protocol_version'])
      return when(!/^0\.\d+\.\d+$/.test(version), `${version} is refused by the platform`)
    },
    doctored: [
      specWith('a next major version', 'protocol_version', '1.0.0'),
      specWith('two parts', 'protocol_version', '0.18'),
      specWith('nothing', 'protocol_version', undefined),
    ],
  },
  {
    name: 'keywords that forms can not show are not used',
    complaints: schema(Specification.noForbiddenKeyword),
    doctored: [
      schemaWith('anyOf', 'properties.a', { anyOf: [text] }),
      schemaWith('allOf at the root', 'allOf', [{}]),
      schemaWith('not in a variant', 'properties.a', choiceOf({ ...variant('a'), not: {} })),
      schemaWith('if and then', 'properties.a', { ...text, if: {}, then: {} }),
      schemaWith('patternProperties', 'properties.a', { ...objectOf({ b: text }), patternProperties: {} }),
    ],
  },
  {
    name: 'there is no $ref',
    complaints: schema(Specification.noReference),
    doctored: [schemaWith('a $ref to a definition', 'properties.a', { $ref: '#/definitions/a' })],
  },
  {
    name: 'additionalProperties is never false',
    complaints: schema(Specification.neverClosed),
    doctored: [
      schemaWith('a closed root', 'additionalProperties', false),
      schemaWith('a closed object', 'properties.a', { ...objectOf({ b: text }), additionalProperties: false }),
    ],
  },
  {
    name: 'the values of an enum are distinct',
    complaints: schema(Specification.enumsDistinct),
    doctored: [schemaWith('a value twice', 'properties.a', { ...text, enum: ['x', 'y', 'x'] })],
  },
  {
    name: 'a property has one type, or one and null',
    complaints: schema(Specification.oneTypeEach),
    doctored: [
      schemaWith('two types', 'properties.a', { type: ['string', 'integer'] }),
      schemaWith('null before the type', 'properties.a', { type: ['null', 'string'] }),
    ],
    allowed: [schemaWith('a type and null', 'properties.a', { type: ['string', 'null'] })],
  },
  {
    name: 'no object is without properties',
    complaints: schema(Specification.noEmptyObject),
    doctored: [
      schemaWith('an empty object', 'properties.a', objectOf({})),
      schemaWith('items that are empty objects', 'properties.a', { type: 'array', items: { type: 'object' } }),
    ],
  },
  {
    name: 'items of a list are of one plain type',
    complaints: schema(Specification.plainItems),
    doctored: [
      schemaWith('no items', 'properties.a', { type: 'array' }),
      schemaWith('a list of items', 'properties.a', { type: 'array', items: [text] }),
      schemaWith('a list in a list', 'properties.a', { type: 'array', items: { type: 'array', items: text } }),
    ],
    allowed: [schemaWith('an enum', 'properties.a', { type: 'array', items: { enum: ['x', 'y'] } })],
  },
  {
    name: 'what looks secret is marked as secret',
    complaints: schema(Specification.secretsMarked),
    doctored: [
      schemaWith('a token that is not marked', 'properties.a', objectOf({ access_token: text })),
      schemaWith('a password that is a number', 'properties.password', { type: 'integer' }),
      schemaWith('a key that may be null', 'properties.key', { type: ['string', 'null'] }),
    ],
    allowed: [
      schemaWith('a flag of such a name', 'properties.token', { type: 'boolean' }),
      schemaWith('a mark on it', 'properties.token', { ...text, airbyte_secret: true }),
    ],
  },
  {
    name: 'what can hold no secret is not marked as secret',
    complaints: schema(Specification.onlySecretsMarked),
    doctored: [
      schemaWith('a mark on a flag', 'properties.a', { type: 'boolean', airbyte_secret: true }),
      schemaWith('a mark on a const', 'properties.a', { ...text, const: 'x', airbyte_secret: true }),
    ],
  },
  {
    name: 'a oneOf is of type object',
    complaints: schema(Specification.choicesAreObjects),
    doctored: [schemaWith('a oneOf without type', 'properties.a', { oneOf: [variant('a'), variant('b')] })],
  },
  {
    name: 'each variant of a oneOf has properties',
    complaints: schema(Specification.variantsHaveProperties),
    doctored: [schemaWith('a variant without them', 'properties.a', choiceOf(variant('a'), { type: 'object' }))],
  },
  {
    name: 'exactly one property has a const in all variants of a oneOf',
    complaints: schema(Specification.oneConstantEach),
    doctored: [
      schemaWith('no const', 'properties.a', choiceOf(objectOf({ kind: text }), objectOf({ kind: text }))),
      schemaWith('a const in one variant only', 'properties.a', choiceOf(variant('a'), objectOf({ kind: text }))),
      schemaWith('two of them', 'properties.a', choiceOf(objectOf({ a: { const: 1 }, b: { const: 1 } }))),
      schemaWith('none that is shared', 'properties.a', choiceOf(variant('a'), objectOf({ other: { const: 'b' } }))),
    ],
  },
  {
    name: 'default and enum of that property equal its const',
    complaints: schema(Specification.constantsAgree),
    doctored: [
      schemaWith('another default', 'properties.a', choiceOf(variant('a', { default: 'b' }), variant('b'))),
      schemaWith('a wider enum', 'properties.a', choiceOf(variant('a', { enum: ['a', 'b'] }), variant('b'))),
    ],
  },
  {
    name: 'variants of a oneOf are told apart by their const',
    complaints: schema(Specification.constantsDiffer),
    doctored: [schemaWith('a const twice', 'properties.a', choiceOf(variant('a'), variant('a')))],
  },
  {
    name: 'display_type is dropdown or radio, beside a oneOf',
    complaints: schema(Specification.displayTypesFit),
    doctored: [
      schemaWith('one beside a text', 'properties.a', { ...text, display_type: 'radio' }),
      schemaWith('another one', 'properties.a', { ...choiceOf(variant('a')), display_type: 'tabs' }),
    ],
    allowed: [schemaWith('radio', 'properties.a', { ...choiceOf(variant('a')), display_type: 'radio' })],
  },
  {
    name: 'group is on properties of the root only',
    complaints: schema(Specification.groupsAtTheRoot),
    doctored: [
      schemaWith('a group below', 'properties.a', objectOf({ b: { ...text, group: 'more' } })),
      schemaWith('a group on the root', 'group', 'more'),
    ],
    allowed: [schemaWith('a group on a property', 'properties.a', { ...text, group: 'more' })],
  },
  {
    name: 'order is unique in its object and group',
    complaints: schema(Specification.ordersUnique),
    doctored: [
      schemaWith('an order twice at the root', 'properties.a', { ...text, order: 0 }),
      schemaWith('an order twice in an object', 'properties.a', objectOf({ b: { order: 1 }, c: { order: 1 } })),
      schemaWith(
        'an order twice in a variant',
        'properties.a',
        choiceOf(objectOf({ b: { order: 1 }, c: { order: 1 } })),
      ),
    ],
    allowed: [schemaWith('the same order in another group', 'properties.a', { ...text, order: 0, group: 'more' })],
  },
  {
    name: 'a date has a pattern',
    complaints: schema(Specification.datesHavePatterns),
    doctored: [
      schemaWith('a date without', 'properties.a', { ...text, format: 'date' }),
      schemaWith('a date-time without', 'properties.a', { ...text, format: 'date-time' }),
    ],
  },
  {
    name: 'what a sign-in by OAuth names is in the specification',
    complaints: (said) => Specification.oauthPathsExist(specOf(said)),
    doctored: [
      specWith('a predicate elsewhere', 'advanced_auth', { predicate_key: ['credentials', 'no_such_key'] }),
      specWith('an output elsewhere', 'advanced_auth', {
        oauth_config_specification: {
          complete_oauth_output_specification: { properties: { t: { path_in_connector_config: ['no_such_key'] } } },
        },
      }),
    ],
  },
  {
    name: 'every property of the released specification is still there',
    complaints: compared(Compatible.nothingRemoved),
    doctored: [
      schemaWithout('a property that is gone', 'properties.bucket'),
      schemaWithout(
        'a property of a variant that is gone',
        'properties.credentials.oneOf.0.properties.aws_session_token',
      ),
      schemaWith('another property in its place', 'properties.credentials.oneOf.0', variant('access_key')),
      schemaWith('a variant that is gone', 'properties.credentials.oneOf', [variant('default_chain')]),
    ],
    allowed: [
      schemaWith('a new property', 'properties.colour', text),
      schemaWith('a new title', 'properties.bucket.title', 'Bucket'),
    ],
  },
  {
    name: 'nothing is required that was not in the released specification',
    complaints: compared(Compatible.nothingNewRequired),
    doctored: [
      schemaWith('a key that was optional', 'required', ['bucket', 'path_prefix', 'credentials', 'region']),
      schemaWith('a new key', 'required', ['bucket', 'path_prefix', 'credentials', 'colour']),
      schemaWith('a key of a variant', 'properties.credentials.oneOf.0.required', ['aws_session_token']),
    ],
    allowed: [schemaWith('less than before', 'required', ['bucket'])],
  },
  {
    name: 'no property has another type than in the released specification',
    complaints: compared(Compatible.typesKept),
    doctored: [
      schemaWith('another type', 'properties.checkpoint_rows.type', 'string'),
      schemaWith('a list in place of a text', 'properties.file_pattern', { type: 'array', items: text }),
      schemaWith(
        'another type in a variant',
        'properties.credentials.oneOf.0.properties.aws_session_token.type',
        'object',
      ),
    ],
    allowed: [schemaWith('null beside the type', 'properties.region.type', ['string', 'null'])],
  },
  {
    name: 'no enum or const is new or narrower than in the released specification',
    complaints: compared(Compatible.enumsKept),
    doctored: [
      schemaWith('a new enum', 'properties.default_country.enum', ['US', 'ES']),
      schemaWith('a new const', 'properties.region.const', 'eu-west-1'),
      schemaWith('another enum', 'properties.credentials.oneOf.0.properties.auth_type.enum', ['keys']),
    ],
    allowed: [
      schemaWith('a wider enum', 'properties.credentials.oneOf.0.properties.auth_type.enum', ['access_key', 'keys']),
    ],
  },
  {
    name: 'configs that the released specification took are taken still',
    complaints: compared(Compatible.oldConfigsHold),
    doctored: [
      schemaWith('a new pattern', 'properties.region.pattern', '^[a-z-]+\\d$'),
      schemaWith('a new bound', 'properties.checkpoint_rows.maximum', 1000),
      schemaWith('a new least length', 'properties.path_prefix.minLength', 1),
      schemaWith('a new greatest length', 'properties.file_pattern.maxLength', 100),
      schemaWith('unknown keys that are refused', 'additionalProperties', false),
      schemaWith('a key that is required', 'required', ['region']),
    ],
    allowed: [schemaWith('a lower bound', 'properties.checkpoint_rows.minimum', 0)],
  },
]

const DESTINATION_CASES: ReadonlyArray<Case<Specified>> = [
  {
    name: 'of the sync modes a destination knows only append is advertised',
    complaints: (said) => {
      const modes = JSON.stringify(specOf(said)['supported_destination_sync_modes'])
      return when(modes !== '["append"]', `the modes are ${modes}`)
    },
    doctored: [
      specWith('overwrite', 'supported_destination_sync_modes', ['append', 'overwrite']),
      specWith('none', 'supported_destination_sync_modes', undefined),
    ],
  },
]

describe('contract of spec', () => {
  const guest = newGuest()
  const { keep, of } = newRuns<Specified>()

  beforeAll(async () => {
    for (const [role, bin] of [
      ['source', SOURCE],
      ['destination', DESTINATION],
    ] as const)
      keep(role, { ...(await guest.run(bin, 'spec')), released: released(`${role}-0.1.0.spec`), config: CONFIGS[role] })
  })
  afterAll(() => guest.remove())

  describe(`an executable runs ${guest.who}`, () => {
    it('and reads what everybody may, but nothing that is only for its caller', async () => {
      const config = guest.file('private.json', CONFIGS.source)
      chmodSync(config, 0o600)
      const { code } = await run(
        SOURCE,
        ['discover', '--config', config],
        guest.uid === undefined ? {} : { uid: guest.uid },
      )
      expect(code).toBe(guest.uid === undefined ? 0 : 1)
    })
  })

  describeCases({ source: of('source'), destination: of('destination') }, [
    ...commonCases<Specified>(['SPEC']),
    oneAnswer('SPEC'),
    ...FORM_CASES,
  ])

  describe('of the destination', () => describeCases({ destination: of('destination') }, DESTINATION_CASES))

  it('compares with enough old configs to mean something', () => {
    for (const role of ['source', 'destination']) {
      const specification = objectAt(released(`${role}-0.1.0.spec`), 'connectionSpecification')
      const complaintsOf = fitting(specification)
      const good = Compatible.samplesOf(specification).filter((config) => complaintsOf(config).length === 0)
      expect(good.length).toBeGreaterThanOrEqual(50)
    }
  })
})
