/** The certificate of the authority of a queue's server: a file of PEM. */
import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { either as E } from 'fp-ts'
import { type UsageError, usageError } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Far more than a bundle of every authority of the world. */
const mostBytes = 4_000_000

/**
 * Read the file that `--queue-ca` or `LAPERM_QUEUE_CA` names.
 *
 * @returns null where neither does; `Left` where the file holds no certificate.
 */
export const readAuthority = async (
  flag: string | undefined,
  environment: Terminal['environment'],
): Promise<E.Either<UsageError, string | null>> => {
  const path = flag ?? environment['LAPERM_QUEUE_CA'] ?? ''
  if (path === '') return E.right(null)
  const where = flag === undefined ? 'LAPERM_QUEUE_CA' : '--queue-ca'
  const fail = (reason: string) =>
    E.left(
      usageError(
        `${where} names '${path}', but ${reason}. Name the file that begins with -----BEGIN CERTIFICATE-----, of the authority that has signed the certificate of Redis.`,
      ),
    )
  try {
    if ((await stat(path)).size > mostBytes) return fail(`it has more than ${mostBytes} bytes`)
    const pem = await readFile(path, 'utf8')
    new X509Certificate(pem)
    return E.right(pem)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ENOENT') return fail('there is no such file')
    return fail('syscall' in error ? `it cannot be read: ${error.message}` : 'it holds no certificate')
  }
}
