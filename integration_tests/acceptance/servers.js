'use strict'
/*
 * The S3 and the stand-in for TikTok's API that the judges' runs go by, each on a free port of 127.0.0.1. `node servers.js FOLDER
 * BUCKET` prints one line `{"s3":URL,"key":K,"platform":URL}` and serves until its stdin ends, as it does when its starter is gone.
 */
const path = require('node:path')

const build = path.join(__dirname, '..', '..', 'build')
const { startBucket, bucketKey } = require(path.join(build, 'demo', 'bucket.js'))
const { startEmulator } = require(path.join(build, 'emulator', 'server.js'))

const main = async ([folder, name]) => {
  const bucket = await startBucket(name, folder)
  const emulator = await startEmulator({ port: 0 })
  process.stdin.resume().on('end', () => void Promise.all([bucket.close(), emulator.close()]))
  process.stdout.write(`${JSON.stringify({ s3: bucket.endpoint, key: bucketKey, platform: emulator.url })}\n`)
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`servers: ${String(error)}\n`)
  process.exitCode = 1
})
