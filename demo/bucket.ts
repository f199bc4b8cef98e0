import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

/** An S3 on a free port of 127.0.0.1, with one bucket. */
export interface Bucket {
  readonly endpoint: string
  readonly put: (key: string, bytes: Buffer) => Promise<void>
  readonly close: () => Promise<void>
}

interface Server {
  readonly run: () => Promise<{ readonly port: number }>
  readonly close: () => Promise<void>
}

interface ServerOptions {
  readonly address: string
  readonly port: number
  readonly silent: boolean
  readonly directory: string
  readonly configureBuckets: readonly { readonly name: string }[]
}

/** The package has no types of its own. */
const S3rver = createRequire(__filename)('s3rver') as new (options: ServerOptions) => Server

/** Id and secret of the only key that the server knows. */
export const bucketKey = 'S3RVER'

const MOST_LOOKS = 500

/** Starts the S3; its files lie in `directory`. */
export const startBucket = async (name: string, directory: string): Promise<Bucket> => {
  const configureBuckets = [{ name }]
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets })
  const { port } = await server.run()
  const endpoint = `http://127.0.0.1:${port}`
  const put = async (key: string, bytes: Buffer): Promise<void> => {
    const url = `${endpoint}/${name}/${key}`
    const { ok, status } = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) })
    if (!ok) throw new Error(`the embedded S3 refuses the sample: HTTP ${status}`)
    // The server answers before the last bytes are on disk.
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const { headers } = await fetch(url, { method: 'HEAD' })
      if (headers.get('content-length') === String(bytes.length)) return
      await wait(20)
    }
    throw new Error('the embedded S3 does not show the whole sample')
  }
  return { endpoint, put, close: () => server.close() }
}
