/** Starts the built program as a process of its own, in a temporary directory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { onHost } from '../../../test/devices/named-host.ts'

const program = fileURLToPath(new URL('../bin/laperm.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A directory that is gone after the test. */
export const makeDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'laperm-cli-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export interface Started {
  readonly child: ChildProcess
  /** What it has written to standard error so far. */
  readonly said: () => string
  readonly ended: Promise<Ended>
}

/** As whom and where a process runs, other than the tests. */
export interface Place {
  readonly uid?: number
  readonly gid?: number
  /** Name of the machine that it takes for its own. */
  readonly host?: string
}

/** Processes that were started and have not ended, and what the last one that ended has said. */
const running = new Set<ChildProcess>()
let lastWords: string | undefined

/** Start `laperm` with these words. The environment names no data but what the test adds. */
export const start = (
  words: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>> = {},
  { host, ...user }: Place = {},
): Started => {
  const { LAPERM_DATA_DIR: _data, LAPERM_CACHE_DIR: _cache, ...inherited } = process.env
  const line = [...(host === undefined ? [] : onHost(host)), process.execPath, program, ...words]
  const child = spawn(line[0] ?? '', line.slice(1), {
    cwd: directory,
    env: { ...inherited, LAPERM_CACHE_DIR: join(directory, 'cache'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', (error) => {
      running.delete(child)
      reject(error)
    })
    child.on('close', (code, signal) => {
      running.delete(child)
      lastWords = stderr
      resolve({ code, signal, stdout, stderr })
    })
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return { child, said: () => stderr, ended }
}

/** Run `laperm` to its end. */
export const laperm = (
  words: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> => start(words, directory, environment).ended

/** Time for what processes that have ended leave running: workers, which then end too. */
const afterlifeSeconds = 30

/**
 * Wait until something holds, looking every few milliseconds.
 *
 * @throws Error soon after every process that could bring it has ended.
 */
export const until = async (what: string, holds: () => boolean, seconds = 240): Promise<void> => {
  const deadline = Date.now() + 1000 * seconds
  let lastSeen = Date.now()
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} seconds for ${what}`)
    if (running.size > 0 || lastWords === undefined) lastSeen = Date.now()
    if (Date.now() > lastSeen + 1000 * afterlifeSeconds)
      throw new Error(`waited for ${what}, and every process has ended; the last one said: ${lastWords}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
