import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

/*
 * An S3 on a free loopback port, in a process of its own, with one object in one bucket: --file F --bucket B --key K.
 * Prints one line {"url":...} once the object is whole. Serves until SIGTERM, or until its starter is gone.
 */

type S3rver = Readonly<{ run: () => Promise<{ port: number }>; close: () => Promise<void> }>
type S3rverOptions = Readonly<{
  address: string
  port: number
  silent: boolean
  directory: string
  configureBuckets: readonly { name: string }[]
}>

/** The package has no types of its own. */
const S3rverClass = createRequire(__filename)('s3rver') as new (options: S3rverOptions) => S3rver

/** The only keys that this server knows. */
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

type Load = Readonly<{ file: string; bucket: string; key: string }>

const preload = async (endpoint: string, { file, bucket, key }: Load): Promise<void> => {
  const checksums = 'WHEN_REQUIRED'
  const s3 = new S3Client({
    endpoint,
    credentials,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: checksums,
  })
  const { size } = await stat(file)
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }))
  // The server answers before its last bytes are on disk.
  while ((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength !== size) await wait(20)
  s3.destroy()
}

const main = async (load: Load): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'offline-events-bench-s3-'))
  const configureBuckets = [{ name: load.bucket }]
  const server = new S3rverClass({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets })
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    if (process.connected) process.disconnect()
    await server.close()
    await rm(directory, { recursive: true, force: true })
  }
  for (const end of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(end, () => void stop())
  const { port } = await server.run()
  const url = `http://127.0.0.1:${port}`
  await preload(url, load).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  process.stdout.write(`${JSON.stringify({ url })}\n`)
}

const text = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { file: text, bucket: text, key: text } })

main(values).catch((error: unknown) => {
  process.stderr.write(`s3: ${String(error)}\n`)
  process.exitCode = 1
})
