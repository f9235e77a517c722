/** What a run was trained with: versions, machine, checkout. For people who compare runs; what decides bits is `bits`. */
import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { promisify } from 'node:util'
import {
  amount,
  type FieldRules,
  isRecord,
  orNull,
  readFields,
  recordRule,
  type SettingRule,
  text,
  truth,
} from '@laperm/core/settings'
import type { Engine } from '@laperm/engine'
import { either as E, function as F } from 'fp-ts'
import { installedVersion, ownFolder } from './installed-version.ts'
import { bitsOf } from './run-identity.ts'

/** The state of the git checkout that LaPerm runs from. */
export interface Checkout {
  readonly commit: string
  /** Whether tracked files differ from the commit. */
  readonly isDirty: boolean
}

/** What a run was trained with. */
export interface RunEnvironment {
  /** What decides the last bits, a part of the run's identity: versions of packages, `threads` where the bits depend on them. */
  readonly bits: Readonly<Record<string, string>>
  /** The engine's name, and what it runs on in its own words. */
  readonly engine: string
  readonly device: string
  /** Version of `@laperm/runs`, and of Node. */
  readonly laperm: string
  readonly node: string
  /** `linux x64` */
  readonly platform: string
  /** Model of the processor, and how many the system has. */
  readonly cpu: string
  readonly cpuCount: number
  /** Threads of the engine; null where it decides about them by itself. */
  readonly threads: number | null
  readonly bitsDependOnThreads: boolean
  /** Null for an installed LaPerm. */
  readonly checkout: Checkout | null
}

const run = promisify(execFile)

/** @returns null where LaPerm is installed, or git is not. */
const readCheckout = async (): Promise<Checkout | null> => {
  const packageRoot = ownFolder()
  // Installed below somebody's own checkout, whose commit says nothing about LaPerm.
  if (/[/\\]node_modules[/\\]/.test(packageRoot)) return null
  const git = async (...words: readonly string[]): Promise<string> =>
    (await run('git', ['-C', packageRoot, ...words], { timeout: 5000, windowsHide: true })).stdout.trim()
  try {
    const [commit, changes] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ])
    return { commit, isDirty: changes !== '' }
  } catch {
    return null
  }
}

/** What is here. Cost: two runs of git where LaPerm runs from a checkout. */
export const readEnvironment = async (engine: Engine): Promise<RunEnvironment> => {
  const bits = bitsOf(engine)
  const processors = cpus()
  return {
    bits,
    engine: engine.name,
    device: engine.describe,
    laperm: installedVersion('@laperm/runs'),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: processors[0]?.model ?? 'unknown',
    cpuCount: processors.length,
    threads: bits.threads === undefined ? null : Number(bits.threads),
    bitsDependOnThreads: bits.threads !== undefined,
    checkout: await readCheckout(),
  }
}

const texts: SettingRule<Readonly<Record<string, string>>> = {
  says: 'a record of texts',
  holds: (value): value is Readonly<Record<string, string>> =>
    isRecord(value) && Object.values(value).every(text.holds),
}
const commit: SettingRule<string> = {
  says: 'a commit',
  holds: (value): value is string => typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value),
}
const checkoutRules: FieldRules<Checkout> = { commit, isDirty: truth }

const rules: FieldRules<RunEnvironment> = {
  bits: texts,
  engine: text,
  device: text,
  laperm: text,
  node: text,
  platform: text,
  cpu: text,
  cpuCount: amount,
  threads: orNull(amount),
  bitsDependOnThreads: truth,
  checkout: orNull(recordRule('a checkout', checkoutRules)),
}

/** A saved environment, or the name of the first field that is none. */
export const parseEnvironment = (value: unknown): RunEnvironment | string =>
  isRecord(value)
    ? F.pipe(
        readFields(value, rules),
        E.getOrElseW(({ field }) => field),
      )
    : 'environment'
