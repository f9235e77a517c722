/** Real S3 servers for tests: on a loopback port, with signatures that are checked. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { reportMissing } from './required.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'packages', 'store-s3')
const installed = join(folder, '.moto')

/** Whether the server is there. Fails at import where `LAPERM_REQUIRE` names `s3`. */
export const hasS3: boolean = existsSync(join(installed, 'ready'))
if (!hasS3) reportMissing('s3', 'no server is set up; `npm run setup:s3` does it')

/** A server of a test file. Whoever starts it stops it. */
export interface S3Server {
  readonly endpoint: string
  readonly port: number
  readonly bucket: string
  /** AWS's variables, by which a client of this process or another one may come in. */
  readonly environment: Readonly<Record<string, string>>
  /** A client that may do everything. */
  readonly client: S3Client
  readonly stop: () => Promise<void>
}

/** Start a server with an empty bucket. */
export const startS3 = async (): Promise<S3Server> => {
  const [python] = readFileSync(join(installed, 'ready'), 'utf8').split('\n')
  const server: ChildProcess = spawn(python, [join(folder, 'test', 'server', 'serve.py')], {
    env: { PATH: process.env['PATH'], PYTHONPATH: installed },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(server, 'exit')
  if (server.stdout === null) throw new TypeError('its output is a pipe')
  const [line] = (await Promise.race([
    once(createInterface({ input: server.stdout }), 'line'),
    exited.then(() => {
      throw new Error('the S3 server did not start')
    }),
  ])) as readonly string[]
  const { port, keyId, secret } = JSON.parse(line) as {
    readonly port: number
    readonly keyId: string
    readonly secret: string
  }
  const endpoint = `http://127.0.0.1:${port}`
  const bucket = 'laperm-runs'
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
  })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return {
    endpoint,
    port,
    bucket,
    environment: {
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: 'us-east-1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    client,
    stop: async () => {
      client.destroy()
      server.kill('SIGKILL')
      await exited
    },
  }
}
