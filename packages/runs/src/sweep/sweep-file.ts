/** `sweep.json`: a sweep as a file, read strictly: an error names the file, the field, its value and the rule. */
import { isRecord } from '@laperm/core/settings'
import { parseStrictJson } from '@laperm/formats'
import { nearestName } from '@laperm/models'
import type { FlagText } from '@laperm/train'
import { either as E } from 'fp-ts'
import {
  type InvalidSweep,
  invalidSweep,
  isSwitch,
  type SweepAxis,
  type SweepDefinition,
  type SweepValues,
  sizeProblem,
  sweepFields,
  sweepName,
} from './sweep-definition.ts'
import { rangeValues } from './sweep-ranges.ts'

/** A sweep has four levels; what stands a little deeper is read, so that its path can be told. */
const deepestSweep = 8
/** Far more than any sweep that somebody writes. */
export const mostSweepBytes = 4_000_000
/** Listed runs. */
const mostListed = 100_000

/** Carries an {@link InvalidSweep} out of nested checks. */
class SweepProblem extends Error {
  readonly field: string
  readonly value: unknown
  readonly rule: string
  constructor(field: string, value: unknown, rule: string) {
    super(rule)
    this.field = field
    this.value = value
    this.rule = rule
  }
}

const refuse = (field: string, value: unknown, rule: string): never => {
  throw new SweepProblem(field, value, rule)
}

const recordOf = (field: string, value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : refuse(field, value, 'it must be an object')

const listOf = (field: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) && value.length > 0 ? value : refuse(field, value, 'it must be a list of at least one')

/** A known name, or the error with the nearest one. */
const checkName = (field: string, name: string, known: readonly string[]): string => {
  if (known.includes(name)) return name
  const nearest = nearestName(name, known)
  return refuse(
    field,
    name,
    `there is no such field${nearest === null ? '' : `; did you mean '${nearest}'?`} Known: ${known.join(', ')}`,
  )
}

/** One value, as the text that the field's flag takes. */
const readValue = (path: string, field: string, value: unknown): FlagText => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string' && value !== '') return value
  if (!isSwitch(field)) return refuse(path, value, 'it must be a number or a text that says something')
  return typeof value === 'boolean'
    ? value
    : refuse(path, value, 'it must be true, false or a text that says something')
}

const numberOf = (field: string, value: unknown): number =>
  typeof value === 'number' ? value : refuse(field, value, 'it must be a number')

/** A value, a list of them, or `{ from, to, step? }`. */
const readAxis = (path: string, field: string, value: unknown): SweepAxis['values'] => {
  if (Array.isArray(value))
    return listOf(path, value).map((item, i) => readValue(`${path}[${i}]`, field, item))
  if (typeof value !== 'object' || value === null) return [readValue(path, field, value)]
  const range = recordOf(path, value)
  for (const name of Object.keys(range)) checkName(`${path}.${name}`, name, ['from', 'to', 'step'])
  const values = rangeValues(
    numberOf(`${path}.from`, range.from),
    numberOf(`${path}.to`, range.to),
    range.step === undefined ? 1 : numberOf(`${path}.step`, range.step),
  )
  return typeof values === 'string' ? refuse(path, value, values) : values.map(String)
}

const readGrid = (grid: unknown): readonly SweepAxis[] => {
  const axes: SweepAxis[] = []
  for (const [name, value] of Object.entries(recordOf('grid', grid))) {
    const field = checkName(`grid.${name}`, name, sweepFields)
    axes.push({ field, values: readAxis(`grid.${name}`, field, value) })
    const tooLarge = sizeProblem(axes)
    if (tooLarge !== null) refuse(`grid.${name}`, value, tooLarge)
  }
  return axes
}

const readRuns = (runs: unknown, axes: readonly SweepAxis[]): readonly SweepValues[] => {
  const list = listOf('runs', runs)
  if (list.length > mostListed) refuse('runs', `${list.length} runs`, `it must have at most ${mostListed}`)
  return list.map((run, i) =>
    Object.fromEntries(
      Object.entries(recordOf(`runs[${i}]`, run)).map(([name, value]) => {
        const path = `runs[${i}].${name}`
        const field = checkName(path, name, sweepFields)
        if (axes.some((axis) => axis.field === field))
          refuse(path, value, 'the grid has this field too; a field stands in one of the two')
        return [field, readValue(path, field, value)]
      }),
    ),
  )
}

const readSweep = (value: unknown, fallbackName: string): SweepDefinition => {
  const file = recordOf('the file', value)
  for (const name of Object.keys(file)) checkName(name, name, ['name', 'grid', 'runs'])
  const { name = fallbackName, grid, runs } = file
  if (typeof name !== 'string' || !sweepName.test(name))
    refuse('name', name, 'it must have 1 to 100 letters, digits, dots, _ and -')
  if (grid === undefined && runs === undefined)
    refuse('the file', value, 'it must have a grid of alternatives, a list of runs, or both')
  const axes = grid === undefined ? [] : readGrid(grid)
  if (runs === undefined && axes.length === 0) refuse('grid', grid, 'it must have at least one field')
  return { name: name as string, axes, runs: runs === undefined ? [{}] : readRuns(runs, axes) }
}

const show = (value: unknown): string => {
  const text = value === undefined ? 'missing' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}

/**
 * Read a sweep file.
 *
 * @param path named in errors.
 * @param fallbackName of the sweep, where the file names none: the file's own.
 * @example parseSweepFile('k.json', '{ "grid": { "model": "f1", "seed": { "from": 1, "to": 5 }, "sync-period": [20, "20,1000@5001"] } }', 'k')
 */
export const parseSweepFile = (
  path: string,
  text: string,
  fallbackName: string,
): E.Either<InvalidSweep, SweepDefinition> => {
  const strict = parseStrictJson(text, deepestSweep)
  if (E.isLeft(strict)) {
    const { expected, at } = strict.left
    const line = text.slice(0, at).split('\n').length
    const found = at < text.length ? `'${text.slice(at, at + 20)}'` : 'its end'
    return E.left(invalidSweep(path, `line ${line}`, found, `JSON with ${expected} was expected there`))
  }
  try {
    return E.right(readSweep(JSON.parse(text), fallbackName))
  } catch (error) {
    if (!(error instanceof SweepProblem)) throw error
    return E.left(invalidSweep(path, error.field, show(error.value), error.rule))
  }
}
