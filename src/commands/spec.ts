import { DOCUMENTATION } from '../about'
import { destinationSpecification } from '../destination/specification'
import * as message from '../protocol/message'
import { sourceSpecification } from '../source/specification'

/** What a user has to fill in, as one SPEC message. */
export const spec = (role: 'source' | 'destination'): message.Line => message.spec(SPECIFICATIONS[role]())

const SPECIFICATIONS: Readonly<Record<'source' | 'destination', () => message.Specification>> = {
  source: () => ({
    documentationUrl: `${DOCUMENTATION}/source.md`,
    protocol_version: PROTOCOL_VERSION,
    supportsIncremental: true,
    connectionSpecification: sourceSpecification(DOCUMENTATION),
  }),
  destination: () => ({
    documentationUrl: `${DOCUMENTATION}/destination.md`,
    protocol_version: PROTOCOL_VERSION,
    supportsIncremental: true,
    supported_destination_sync_modes: ['append'],
    connectionSpecification: destinationSpecification(),
  }),
}

/** The Airbyte protocol version whose vocabulary is spoken; platforms check only its major number. */
const PROTOCOL_VERSION = '0.18.0'
