import type { S3ClientConfig } from '@aws-sdk/client-s3'
import type { AccessKey, AssumedRole, Credentials } from '../capabilities'
import type { S3Error } from './s3-refusal'

/** What signs a request, in the SDK's words: a key, or a function that it asks again when what it gave expires. */
export type Signer = NonNullable<S3ClientConfig['credentials']>

/** How credentials are fetched, where they are: through the same proxy as all else, and no longer than the handler waits. */
export interface Fetching {
  readonly region: string
  readonly requestHandler: NonNullable<S3ClientConfig['requestHandler']>
  readonly logger: NonNullable<S3ClientConfig['logger']>
}

/** Thrown through the SDK, which fetches credentials in the midst of a request: what kept it from having them. */
export class CredentialTrouble extends Error {
  constructor(
    readonly error: S3Error,
    readonly ofRole: boolean,
  ) {
    super('no credentials')
  }
}

/** The signer for a bucket. What fetches credentials is loaded when they are first asked for. */
export const signerOf = (credentials: Credentials, fetching: Fetching): Signer => {
  switch (credentials._tag) {
    case 'AccessKey':
      return identityOf(credentials)
    case 'AssumedRole':
      return lazily(true, () => assumedRole(credentials, fetching))
    case 'Environment':
      return lazily(false, () => environment(fetching))
  }
}

type Identity = Exclude<Signer, (...args: never) => unknown>
type Provider = () => Promise<Identity>

const identityOf = ({ accessKeyId, secretAccessKey, sessionToken }: AccessKey): Identity => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
})

const lazily = (ofRole: boolean, load: () => Promise<Provider>): Provider => {
  let provider: Promise<Provider> | undefined
  return async () => {
    try {
      return await (
        await (provider ??= load())
      )()
    } catch (error) {
      throw new CredentialTrouble(error as S3Error, ofRole)
    }
  }
}

const assumedRole = async (role: AssumedRole, fetching: Fetching): Promise<Provider> => {
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers')
  const { region, requestHandler, logger } = fetching
  // As Airbyte's own destinations do: on its platforms the environment brings the id that trust policies ask for.
  const externalId = role.externalId ?? process.env['AWS_ASSUME_ROLE_EXTERNAL_ID']
  return fromTemporaryCredentials({
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: 'airbyte-offline-events',
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    },
    masterCredentials: role.base === undefined ? await environment(fetching) : identityOf(role.base),
    clientConfig: {
      region,
      requestHandler,
      // The retries are those of the request that needs the role.
      maxAttempts: 1,
      ...(role.stsEndpoint === undefined ? {} : { endpoint: role.stsEndpoint }),
    },
    logger,
  })
}

const environment = async ({ region, requestHandler, logger }: Fetching): Promise<Provider> => {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
  // Of a web identity's STS. Without any the SDK takes us-east-1 and says so on stderr, which belongs to failures.
  const clientConfig = { requestHandler, region: process.env['AWS_REGION'] ?? region }
  // The service of a machine's role is given a second an attempt.
  return fromNodeProviderChain({ clientConfig, maxRetries: 2, logger })
}
