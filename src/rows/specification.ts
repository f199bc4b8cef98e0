import type { Column } from '../template/column'

type Schema = Readonly<Record<string, unknown>>

/** The settings of config.ts as properties of a specification, in order from `order` on; `rows` is what the role calls them. */
export const defaultsSpecification = (order: number, rows: 'rows' | 'records'): Readonly<Record<string, Schema>> => ({
  default_event_name: {
    order,
    type: 'string',
    title: 'Default event name',
    description: `For ${rows} whose event_name is empty or absent.`,
    examples: ['Purchase'],
    pattern: '\\S',
  },
  default_country: {
    order: order + 1,
    type: 'string',
    title: 'Default country',
    description: 'ISO 3166 code of the country whose phone numbers are written without country code.',
    examples: ['US'],
    pattern: '^[A-Z]{2}$',
  },
  default_currency: {
    order: order + 2,
    type: 'string',
    title: 'Default currency',
    description: `ISO 4217 code for ${rows} whose currency is empty or absent.`,
    examples: ['EUR'],
    pattern: '^[A-Za-z]{3}$',
  },
  default_time_zone: {
    order: order + 3,
    type: 'string',
    title: 'Default time zone',
    description:
      'IANA name of the zone in which times without Z or an offset were written. Without it they are rejected.',
    examples: ['Europe/Madrid'],
    pattern: '^[A-Za-z]',
  },
})

/** The JSON Schema of max_rejected_percent; `scope` says of what. */
export const maxRejectedSpecification = (order: number, scope: string): Schema => ({
  order,
  type: 'integer',
  title: 'Most rejected in percent',
  description: `The sync fails where more ${scope} are rejected, and nothing past that point is acknowledged.`,
  default: 100,
  minimum: 0,
  maximum: 100,
})

/** The JSON Schema of a list of pairs: what is the user's, and the column of the template that it stands for. */
export const pairsOf = (
  users: Readonly<Record<string, Schema>>,
  templates: string,
  columns: ReadonlyArray<Column>,
): Schema => ({
  type: 'array',
  default: [],
  items: {
    type: 'object',
    required: [...Object.keys(users), templates],
    properties: {
      ...users,
      [templates]: {
        order: 1,
        type: 'string',
        title: 'Column of the template',
        enum: columns.map((column) => column.name),
      },
    },
  },
})
