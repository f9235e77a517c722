/** `laperm report`: a page that holds ours beside the paper's. */
import { relative, resolve } from 'node:path'
import { compareNumbers, honestLines, makeReport } from '@laperm/paper'
import { defineCommand, type Given } from '../command.ts'
import { reportFailure, usageError } from '../failure.ts'
import { outputFlags } from '../flags.ts'
import { plural } from '../format.ts'
import { pathSuggestion } from '../nearest-path.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const reportFlags = { json: outputFlags.json }

const runReport = async (
  { argument, flags }: Given<typeof reportFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const directory = resolve(argument ?? 'reproduced')
  const fail = (message: string): ExitCode =>
    reportFailure(terminal, flags.json ?? false, usageError(message))
  try {
    const written = await makeReport(directory)
    if (written === null)
      return fail(
        `${directory} holds no figure's runs. Name the directory that laperm reproduce wrote into (--out).`,
      )
    if (flags.json === true) {
      const figures = written.figures.map((results) => ({
        figure: results.record.figure,
        scale: results.record.scale,
        runs: results.runs.length,
        finished: results.runs.filter(({ status }) => status === 'finished').length,
        differs: honestLines(results),
        numbers: results.figure === null ? [] : compareNumbers(results.figure, results),
      }))
      terminal.out(
        JSON.stringify({ page: written.page, csv: written.csv, leftOut: written.leftOut, figures }),
      )
      return exitCodes.done
    }
    for (const line of written.leftOut) terminal.err(`warning: ${line}`)
    for (const results of written.figures) {
      const finished = results.runs.filter(({ status }) => status === 'finished').length
      terminal.out(
        `${results.record.figure} at ${results.record.scale}: ${finished} of ${plural(results.runs.length, 'run')}`,
      )
    }
    terminal.out(relative('', written.page))
    return exitCodes.done
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('code' in error && error.code === 'ENOENT')
      return fail(`There is no directory ${directory}.${pathSuggestion(directory)}`)
    if (!('code' in error) && !('cause' in error)) throw error
    return fail(`The report cannot be made: ${error.message}.`)
  }
}

const notes = `
Examples
  $ laperm reproduce fig10 --scale small --out reproduced
  $ laperm report reproduced                 writes reproduced/report.html and a CSV file a figure

The page needs no network and no other file. It shows each figure with the paper's numbers beside ours, what is scaled
down, and which runs are lacking; it reads the runs anew each time, also while they are trained.`

export const report = defineCommand({
  name: 'report',
  summary: "make a page of what 'laperm reproduce' trained, beside the paper's numbers",
  argument: {
    name: 'directory',
    isRequired: false,
    help: 'that laperm reproduce wrote into (default: ./reproduced)',
  },
  flags: reportFlags,
  notes,
  run: runReport,
})
