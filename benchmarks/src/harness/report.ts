/** Writes what was measured: a Markdown table for people and JSON for programs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeMachine, renderMachine } from './machine.ts'

/** A table of text cells. */
export interface Table {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What was not measured and why, and anything a reader must know. */
  readonly notes: readonly string[]
}

/** The table as Markdown, with the machine under its title. */
export const renderTable = ({ title, header, rows, notes }: Table): string =>
  [
    `### ${title}`,
    '',
    `${renderMachine(describeMachine())}.`,
    '',
    `| ${header.join(' | ')} |`,
    `|${header.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...notes.map((note) => `- ${note}`),
  ].join('\n')

/** Write measurements with their machine as JSON, making the folder where needed. */
export const writeJson = (file: string, measurements: unknown): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ machine: describeMachine(), measurements }, null, 2)}\n`)
}

/** A ratio for a table: two decimals, and two figures where that would be nothing. */
export const renderRatio = (ratio: number): string => (ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2))
