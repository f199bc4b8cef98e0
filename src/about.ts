import * as manifest from '../package.json'

/** What the package says of itself: the one place of version, image names and documentation base URL. */
export const VERSION = manifest.version
export const DOCUMENTATION = manifest.airbyte.documentationBaseUrl
