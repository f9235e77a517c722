/** Which process this is, so that another one can tell whether it still runs. */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process, told apart from a later one with its number. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** Of the machine's boot and the process's start, where the system tells them; null elsewhere. */
  readonly started: string | null
}

const readOrNull = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** Linux: the boot, and the process's start in clock ticks since then (field 22 of `stat`, behind the name in parentheses). */
const startOf = (pid: number): string | null => {
  const boot = readOrNull('/proc/sys/kernel/random/boot_id')
  const stat = readOrNull(`/proc/${pid}/stat`)
  if (boot === null || stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return `${boot.trim()} ${fields[19]}`
}

/** Zombies have ended, but their parent has not asked yet. */
const isZombie = (pid: number): boolean => {
  const stat = readOrNull(`/proc/${pid}/stat`)
  return stat !== null && /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}

/** This process. */
export const thisProcess = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  started: startOf(process.pid),
})

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Whether a process runs. Its number may belong to another one by now, which the start tells.
 *
 * @returns null for a process of another machine, of which nothing is known here.
 */
export const isRunning = ({ host, pid, started }: ProcessIdentity): boolean | null => {
  if (host !== hostname()) return null
  if (!exists(pid) || isZombie(pid)) return false
  return started === null || startOf(pid) === started
}

/** Whether a process was started since this machine's system was. False too where the system does not tell. */
export const isOfThisBoot = ({ started }: ProcessIdentity): boolean => {
  const boot = readOrNull('/proc/sys/kernel/random/boot_id')
  return boot !== null && started?.startsWith(`${boot.trim()} `) === true
}
