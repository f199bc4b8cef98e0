import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, catalogOf } from './support/catalogs'
import { BARE_ENV, type Bin, type Ended, newFolder, run } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { recordLines, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { type Proxy, portOf, startProxy } from './support/proxy'
import { makeFile, recordStream } from './support/rows'
import { type Front, startTls } from './support/tls'
import { idsOf } from './support/writing'

/** Hosts that no name server knows: only through the proxy can they be reached. (A dot in the name would be a bucket to moto.) */
const S3_HOST = 'storage'
const TIKTOK_HOST = 'tiktok.example.invalid'

describeWithMoto('through a proxy', (moto) => {
  const folder = newFolder()
  let platform: Platform
  let bucket: Bucket
  let s3: Front
  let tiktok: Front
  let authorities: string

  beforeAll(async () => {
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'proxied')
    await bucket.put('data/orders.csv', makeFile({ rows: 20, seed: 'proxy' }).csv)
    s3 = await startTls(S3_HOST, portOf(moto().url))
    tiktok = await startTls(TIKTOK_HOST, portOf(platform.url))
    authorities = folder.file('authorities.pem', `${s3.certificate}\n${tiktok.certificate}`)
  }, 60_000)
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await Promise.all([s3.close(), tiktok.close(), platform.close()])
  })

  const withProxy = async <A>(work: (proxy: Proxy) => Promise<A>, tls: boolean): Promise<A> => {
    const proxy = await startProxy(
      tls
        ? { [S3_HOST]: s3.port, [TIKTOK_HOST]: tiktok.port }
        : { [S3_HOST]: portOf(moto().url), [TIKTOK_HOST]: portOf(platform.url) },
    )
    try {
      return await work(proxy)
    } finally {
      await proxy.close()
    }
  }

  const call = (bin: Bin, verb: string, config: unknown, env: NodeJS.ProcessEnv, input = ''): Promise<Ended> => {
    const catalog = folder.file('catalog.json', catalogOf(bin === 'source-s3-offline-events' ? BOTH : [EVENTS]))
    const args = [verb, '--config', folder.file(`${bin}.json`, config)]
    const withCatalog = verb === 'check' ? [] : ['--catalog', catalog]
    return run(bin, [...args, ...withCatalog], { env: { ...BARE_ENV, ...env }, input })
  }

  const source = (endpoint: string): unknown => bucket.config({ endpoint })
  const destination = (api_url: string): unknown => destinationConfig(platform, {}, { api_url })

  it('HTTPS_PROXY with NODE_EXTRA_CA_CERTS: check, read and write', async () => {
    await withProxy(async ({ url, asked }) => {
      const env = { HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: authorities }
      const checked = [
        await call('source-s3-offline-events', 'check', source(`https://${S3_HOST}`), env),
        await call('destination-offline-events', 'check', destination(`https://${TIKTOK_HOST}`), env),
      ]
      for (const { stdout, stderr } of checked)
        expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('SUCCEEDED') as string, stderr: '' })
      const reader = await call('source-s3-offline-events', 'read', source(`https://${S3_HOST}`), env)
      expect({ code: reader.code, stderr: reader.stderr }).toEqual({ code: 0, stderr: '' })
      expect(recordLines(reader, EVENTS)).toHaveLength(20)
      const input = recordStream(idsOf('https', 30), 10)
      const writer = await call(
        'destination-offline-events',
        'write',
        destination(`https://${TIKTOK_HOST}`),
        env,
        input,
      )
      expect({ code: writer.code, stderr: writer.stderr }).toEqual({ code: 0, stderr: '' })
      expect(totalsOf(writer).accepted).toBe(30)
      expect(new Set(asked)).toEqual(new Set([`CONNECT ${S3_HOST}:443`, `CONNECT ${TIKTOK_HOST}:443`]))
    }, true)
  })

  it('HTTP_PROXY: read and write of plain endpoints', async () => {
    await withProxy(async ({ url, asked }) => {
      const env = { HTTP_PROXY: url }
      const reader = await call('source-s3-offline-events', 'read', source(`http://${S3_HOST}`), env)
      expect({ code: reader.code, stderr: reader.stderr }).toEqual({ code: 0, stderr: '' })
      const input = recordStream(idsOf('http', 30), 10)
      const writer = await call('destination-offline-events', 'write', destination(`http://${TIKTOK_HOST}`), env, input)
      expect(totalsOf(writer).accepted).toBe(30)
      expect(asked.some((what) => what.includes(S3_HOST))).toBe(true)
      expect(asked.some((what) => what.includes(TIKTOK_HOST))).toBe(true)
    }, false)
  })

  it('NO_PROXY: what it names is reached without the proxy', async () => {
    await withProxy(async ({ url, asked }) => {
      const env = { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: '127.0.0.1' }
      const reader = await call('source-s3-offline-events', 'read', bucket.config(), env)
      const writer = await call('destination-offline-events', 'check', destinationConfig(platform), env)
      expect([reader.code, writer.code]).toEqual([0, 0])
      expect(writer.stdout).toContain('SUCCEEDED')
      expect(asked).toEqual([])
    }, false)
  })

  it('a certificate of nobody known is told as that, and not retried for long', async () => {
    await withProxy(async ({ url }) => {
      const env = { HTTPS_PROXY: url }
      const said = [
        await call('source-s3-offline-events', 'check', source(`https://${S3_HOST}`), env),
        await call('destination-offline-events', 'check', destination(`https://${TIKTOK_HOST}`), env),
      ]
      for (const { code, stdout } of said) {
        expect(code).toBe(0)
        expect(stdout).toMatch(/FAILED.*certificate.*NODE_EXTRA_CA_CERTS/)
      }
    }, true)
  })

  it.each(['http://', 'http://127.0.0.1:no-port', 'socks5://127.0.0.1:1', 'http://u%zz:canary@127.0.0.1'])(
    'an address that is none, %s, is told at once and not gone around',
    async (address) => {
      const env = { HTTP_PROXY: address }
      const input = recordStream(['unsent'], 1)
      const said = [
        await call('source-s3-offline-events', 'check', bucket.config(), env),
        await call('destination-offline-events', 'check', destinationConfig(platform), env),
        await call('source-s3-offline-events', 'read', bucket.config(), env),
        await call('destination-offline-events', 'write', destinationConfig(platform), env, input),
      ]
      expect(said.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        [0, 0, 1, 1].map((code) => ({ code, stderr: '' })),
      )
      for (const { stdout } of said) {
        expect(stdout).toMatch(/(FAILED|config_error).*|HTTPS_PROXY.*config_error/)
        expect(stdout).toMatch(/HTTPS_PROXY or HTTP_PROXY of the environment is no http URL/)
        expect(stdout).not.toContain('canary')
      }
    },
  )

  it('an address without scheme is an http one, and one that is not asked may be anything', async () => {
    await withProxy(async ({ url, asked }) => {
      const bare = { HTTP_PROXY: url.replace('http://', '') }
      const reader = await call('source-s3-offline-events', 'read', source(`http://${S3_HOST}`), bare)
      const checked = await call('destination-offline-events', 'check', destination(`http://${TIKTOK_HOST}`), bare)
      expect([reader.code, checked.stdout]).toEqual([0, expect.stringContaining('SUCCEEDED')])
      const before = asked.length
      for (const env of [
        { HTTP_PROXY: 'socks5://127.0.0.1:1', NO_PROXY: '127.0.0.1' },
        { HTTPS_PROXY: 'socks5://127.0.0.1:1' },
      ]) {
        const direct = await call('source-s3-offline-events', 'read', bucket.config(), env)
        const probed = await call('destination-offline-events', 'check', destinationConfig(platform), env)
        expect([direct.code, probed.stdout]).toEqual([0, expect.stringContaining('SUCCEEDED')])
      }
      expect(asked).toHaveLength(before)
    }, false)
  })
})
