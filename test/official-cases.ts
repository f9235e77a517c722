/**
 * The authors' own results (TensorFlow), read from a fixture: what sorting, ranking and synchronizing must give, bit for bit.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { weightVectorsSize } from '@laperm/core'

export interface OfficialCase {
  readonly name: string
  readonly length: number
  readonly count: number
  readonly theta0: Float32Array
  readonly thetaT: Float32Array
  readonly sorted: Float32Array
  readonly ranks: Uint32Array
  readonly synchronized: Float32Array
}

interface CaseRecord {
  readonly name: string
  readonly shape: readonly number[]
  readonly theta0: string
  readonly thetaT: string
  readonly sorted: string
  readonly rank: string
  readonly synchronized: string
}

const bytes = (base64: string): ArrayBuffer => Uint8Array.from(Buffer.from(base64, 'base64')).buffer

const readCase = (record: CaseRecord): OfficialCase => {
  const { length, count } = weightVectorsSize(record.shape)
  // The file has one row a weight vector; ours are columns.
  const asColumns = <A extends Float32Array | Uint32Array>(rows: A): A =>
    rows.map((_, p) => rows[(p % count) * length + Math.floor(p / count)]) as A
  return {
    name: record.name,
    length,
    count,
    theta0: new Float32Array(bytes(record.theta0)),
    thetaT: new Float32Array(bytes(record.thetaT)),
    sorted: asColumns(new Float32Array(bytes(record.sorted))),
    ranks: asColumns(new Uint32Array(bytes(record.rank))),
    synchronized: new Float32Array(bytes(record.synchronized)),
  }
}

const readCases = (path: string): OfficialCase[] => {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly CaseRecord[] }
  return file.cases.map(readCase)
}

/** All 26 cases, each with its first neurons: at most 400 weights, or one neuron. Always there. */
export const officialCases = (): OfficialCase[] =>
  readCases(fileURLToPath(new URL('./fixtures/official-sync.json', import.meta.url)))

const sharedFixture = (): string | undefined => {
  const named = process.env['LAPERM_SHARED']
  if (named !== undefined) return join(named, 'fixtures/official-sync.json')
  let folder = dirname(fileURLToPath(import.meta.url))
  while (folder !== dirname(folder)) {
    const path = join(folder, 'shared/fixtures/official-sync.json')
    if (existsSync(path)) return path
    folder = dirname(folder)
  }
  return undefined
}

/**
 * All 26 cases with all their neurons, from the shared folder, which may be absent.
 *
 * @throws Error when it is absent and `LAPERM_REQUIRE` names `shared`.
 */
export const officialCasesInFull = (): OfficialCase[] => {
  const path = sharedFixture()
  if (path !== undefined && existsSync(path)) return readCases(path)
  const message =
    'shared/fixtures/official-sync.json is absent: 26 full-size cases of the authors did not run.'
  if ((process.env['LAPERM_REQUIRE'] ?? '').split(',').includes('shared')) throw new Error(message)
  console.warn(message)
  return []
}
