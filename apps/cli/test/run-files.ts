/** A run's directory as a test looks at it while and after a process writes into it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

/** What two trainings of one experiment must have in common, byte for byte. */
const results = ['metrics.jsonl', 'last.safetensors', 'best.safetensors'] as const

/** Whole lines of its metrics. */
export const linesOf = (run: string): number => {
  const path = join(run, 'metrics.jsonl')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}

/** What its summary says; null where there is none. */
export const statusOf = (run: string): string | null => {
  const path = join(run, 'summary.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).status : null
}

/** Give its summary other fields, without check values, as an earlier LaPerm wrote it. */
export const editSummary = (run: string, fields: Readonly<Record<string, unknown>>): void => {
  const path = join(run, 'summary.json')
  const { check: _check, files: _files, ...summary } = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...summary, ...fields }))
}

/** Names of its files; a lock's number counts its holders. */
export const filesOf = (run: string): readonly string[] =>
  readdirSync(run)
    .filter((name) => !name.startsWith('.lock-'))
    .sort()

/** Hold metrics, last and best weights against another run's. */
export const expectSameResults = (run: string, other: string): void => {
  for (const file of results)
    expect(readFileSync(join(run, file)).equals(readFileSync(join(other, file))), file).toBe(true)
}

/** What Node prints of an error that nobody expected. */
export const stack = /^\s+at .*(\.[cm]?[jt]s:\d|node:|<anonymous>)/m
