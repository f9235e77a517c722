/** Moments in the life of a `laperm train` process, drawn at random, and the SIGKILL that comes at one. */
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, watch } from 'node:fs'
import type { Random } from '@laperm/core'

/** What a run writes in the course of its life, what is written most named most. */
const written = [
  '.lock-',
  'config.json',
  ...(['metrics.jsonl', 'metrics.jsonl', 'metrics.jsonl', 'metrics.jsonl'] as const),
  ...(['checkpoint', 'checkpoint', 'checkpoint', 'best'] as const),
  ...(['last', 'summary'] as const),
] as const

/** When to kill. */
export type Moment =
  /** So long after the process was started. */
  | { readonly kind: 'time'; readonly afterMs: number }
  /** When a file of this name is written for the nth time, or a little later. */
  | {
      readonly kind: 'write'
      readonly file: (typeof written)[number]
      readonly nth: number
      readonly afterMs: number
    }

/**
 * Draw a moment: a third of all anywhere in a process's life, the others about where a file is written.
 *
 * @param lifeMs how long a process lives that nobody kills.
 * @param epochs of its run.
 */
export const drawMoment = (random: Random, lifeMs: number, epochs: number): Moment => {
  if (random.nextInt(3) === 0)
    return { kind: 'time', afterMs: Math.round(random.nextUniform() * lifeMs * 1.05) }
  const file = written[random.nextInt(written.length)] ?? 'checkpoint'
  // The second summary is the one at the end; a lock and a config.json are written once.
  const times = {
    '.lock-': 1,
    'config.json': 1,
    'metrics.jsonl': epochs,
    checkpoint: epochs,
    best: 3,
    last: 1,
    summary: 2,
  }[file]
  const latestMs = file === 'metrics.jsonl' ? 50 : 3
  return { kind: 'write', file, nth: 1 + random.nextInt(times), afterMs: random.nextInt(latestMs) }
}

/** The one file that grows. */
const appended = 'metrics.jsonl'

/** Whether an event of the directory belongs to the writing of a file: a temporary one comes and goes by a `rename` each, and a lock comes. */
const isWriting = (file: string, event: string, name: string): boolean =>
  file === appended
    ? event === 'change' && name === file
    : event === 'rename' && name.startsWith(file) && (file === '.lock-' || name.endsWith('.tmp'))

/**
 * Kill a process at its moment, should it live so long.
 *
 * @returns a function that ends the waiting.
 */
export const killAt = (child: ChildProcess, run: string, moment: Moment): (() => void) => {
  let timer: NodeJS.Timeout | undefined
  const kill = () => child.kill('SIGKILL')
  if (moment.kind === 'time') {
    timer = setTimeout(kill, moment.afterMs)
    return () => clearTimeout(timer)
  }
  mkdirSync(run, { recursive: true })
  let seen = 0
  const watcher = watch(run, (event, name) => {
    if (!isWriting(moment.file, event, name ?? '')) return
    seen++
    if (seen !== (moment.file === appended ? moment.nth : 2 * moment.nth - 1)) return
    if (moment.afterMs === 0) kill()
    else timer = setTimeout(kill, moment.afterMs)
  })
  return () => {
    watcher.close()
    clearTimeout(timer)
  }
}
