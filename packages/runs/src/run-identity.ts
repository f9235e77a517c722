/**
 * What makes two runs the same run: a hash of all that decides their bits.
 *
 * That is what somebody chose (the experiment), what it is trained on (hashes of the examples, wherever they lie), and what is installed
 * (versions; threads where sums are split among them). It is not the machine: one of another kind may compute other last bits, and
 * `config.json` says which machine it was, but runs on many machines have one identity.
 */
import type { Engine } from '@laperm/engine'
import { type Experiment, withoutAbsent } from '@laperm/train'
import { canonicalJson } from './canonical-json.ts'
import type { DataFingerprint } from './data-fingerprint.ts'
import { installedVersion } from './installed-version.ts'
import { nodeSha256 } from './node-sha256.ts'

/** What an identity is made of. */
export interface IdentityFacts {
  readonly experiment: Experiment
  readonly data: DataFingerprint
  /** Names of packages with their versions, and `threads` where the bits depend on their number: {@link bitsOf}. */
  readonly bits: Readonly<Record<string, string>>
}

const format = 'laperm-identity/1'

/**
 * The identity of a run: SHA-256 of the canonical JSON of its facts, as 64 hexadecimal digits.
 *
 * The experiment's own `threads` are not part of it: null means another number on each machine, and some engines ignore it. `bits` holds the
 * number that was used, where it matters. Fields that came later are no part of it while they hold what runs had before them. Nor is `rankingDistance`, which is measured and changes no weight.
 *
 * @example identityOf({ experiment, data: fingerprintOf(dataset), bits: bitsOf(engine) })
 */
export const identityOf = ({ experiment, data, bits }: IdentityFacts): string => {
  const { threads: _threads, rankingDistance: _measured, ...decides } = experiment
  const chosen = withoutAbsent(decides)
  return nodeSha256([Buffer.from(canonicalJson({ format, experiment: chosen, data, bits }))])
}

/** The packages whose code decides what a run computes, beside its engine's. */
const decidingPackages = ['@laperm/core', '@laperm/data', '@laperm/models', '@laperm/train'] as const

/** What is installed here that decides bits: versions of LaPerm's packages, and what the engine says of itself. */
export const bitsOf = (engine: Engine): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(decidingPackages.map((name) => [name, installedVersion(name)])),
  ...engine.bits,
})
