/** Certificates for tests, signed here and now by authorities of their own (openssl). */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import { reportMissing } from './required.ts'

/** Whether openssl can be run. Fails at import where `LAPERM_REQUIRE` names `redis`. */
export const canSign: boolean = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0
if (!canSign) reportMissing('redis', 'there is no openssl to make certificates with')

const openssl = (...words: readonly string[]): void => {
  execFileSync('openssl', words, { stdio: 'pipe' })
}
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** An authority that signs certificates of servers. */
export interface Authority {
  /** The path of its own certificate, and what is in it. */
  readonly path: string
  readonly pem: string
  /**
   * @param host as in `IP:127.0.0.1`.
   * @param days of the certificate; less than 0 for one whose days are over.
   * @returns the paths of a certificate and its key.
   */
  readonly sign: (host: string, days?: number) => { readonly certificate: string; readonly key: string }
}

export const makeAuthority = (): Authority => {
  const folder = makeTemporaryFolder('laperm-certificates-')
  const at = (name: string): string => join(folder, name)
  const path = at('authority.pem')
  openssl('req', '-x509', ...key, '-keyout', at('authority.key'), '-out', path, '-subj', '/CN=authority')
  let count = 0
  return {
    path,
    pem: readFileSync(path, 'utf8'),
    sign: (host, days = 2) => {
      const name = `server-${count++}`
      const made = { certificate: at(`${name}.pem`), key: at(`${name}.key`) }
      openssl('req', ...key, '-keyout', made.key, '-out', at(`${name}.csr`), '-subj', '/CN=server')
      writeFileSync(at('extensions'), `subjectAltName=${host}\n`)
      openssl(
        ...['x509', '-req', '-in', at(`${name}.csr`), '-out', made.certificate, '-days', String(days)],
        ...['-CA', path, '-CAkey', at('authority.key'), '-CAcreateserial', '-extfile', at('extensions')],
      )
      return made
    },
  }
}
