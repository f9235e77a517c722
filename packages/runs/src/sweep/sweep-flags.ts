/**
 * Alternatives in the text of a flag.
 *
 * Commas separate them: `1,5,20,100`; `0..4` stands for 0 to 4, `0..100..20` for steps of 20. Some values have commas of their own, such as
 * `20,1000@5001`: where the text has a semicolon, semicolons separate and commas belong to the values; one such value alone ends with a semicolon.
 * `on` and `off` are a flag without a value and its opposite.
 */
import { decimalOf, type FlagText } from '@laperm/train'
import { either as E } from 'fp-ts'
import {
  type InvalidSweep,
  invalidSweep,
  isSwitch,
  type SweepAxis,
  type SweepDefinition,
  sizeProblem,
  sweepName,
} from './sweep-definition.ts'
import { mostValues, rangeValues } from './sweep-ranges.ts'

/** Texts in which commas alone say that one value with commas was meant, which a list of alternatives would tear apart. */
const looksWhole: Readonly<Record<string, (text: string) => boolean>> = {
  'sync-period': (text) => text.includes('@'),
  augment: (text) => text.includes('='),
  permute: () => true,
}

/** Numbers with something between them that is meant as a range and is none: `1..`, `1-5`, `1...5`. */
const halfRange = /^(?=.*\d)([\d.]*\.\.[\d.]*|\d+[-:]\d+)$/
const tooMany = `it must have at most ${mostValues} values`
/** Fields that take a path: `..` is a directory there. */
const paths: readonly string[] = ['model', 'dataset']

/** `0..4`, `0..100..20`. */
const readRange = (text: string): readonly string[] | string | null => {
  const numbers = text.split('..').map(decimalOf)
  if (numbers.length < 2 || numbers.length > 3 || numbers.some((number) => number === null)) return null
  const [from = 0, to = 0, step = 1] = numbers as readonly number[]
  const values = rangeValues(from, to, step)
  return typeof values === 'string' ? values : values.map(String)
}

const flagOf = (field: string): string => (field === 'model' ? 'the model' : `--${field}`)

/**
 * The alternatives that a flag's text names.
 *
 * @param field the flag's name; `model` for the argument.
 * @param given its text; true for the flag alone, false for its opposite.
 */
export const readAlternatives = (
  field: string,
  given: FlagText,
): E.Either<InvalidSweep, readonly FlagText[]> => {
  if (typeof given === 'boolean') return E.right([given])
  const flag = flagOf(field)
  const fail = (value: string, rule: string) => E.left(invalidSweep(null, flag, `'${value}'`, rule))
  const hasSemicolon = given.includes(';')
  const parts = given.split(hasSemicolon ? ';' : ',').map((part) => part.trim())
  if (hasSemicolon && parts.at(-1) === '') parts.pop()
  if (!hasSemicolon && parts.length > 1 && looksWhole[field]?.(given) === true)
    return fail(
      given,
      `its commas may separate alternatives or belong to one value: write a semicolon between alternatives, or behind the only one, as '${given};'`,
    )
  const values: FlagText[] = []
  for (const part of parts) {
    if (part === '') return fail(given, 'each of its alternatives must say something')
    const range = readRange(part)
    if (typeof range === 'string') return fail(part, range)
    if (range === null && halfRange.test(part) && !paths.includes(field))
      return fail(part, 'a range has two ends: write it as 1..5, or as 0..100..20 for steps of 20')
    if (range !== null) for (const value of range) values.push(value)
    else if (isSwitch(field) && (part === 'on' || part === 'off')) values.push(part === 'on')
    else values.push(part)
    if (values.length > mostValues) return fail(given, tooMany)
  }
  return values.length === 0 ? fail(given, 'it must name at least one value') : E.right(values)
}

/**
 * A sweep from flags.
 *
 * @param given texts by the names of fields, `model` among them.
 */
export const sweepFromFlags = (
  name: string,
  given: Readonly<Record<string, FlagText>>,
): E.Either<InvalidSweep, SweepDefinition> => {
  if (!sweepName.test(name))
    return E.left(
      invalidSweep(null, '--name', `'${name}'`, 'it must have 1 to 100 letters, digits, dots, _ and -'),
    )
  const axes: SweepAxis[] = []
  for (const [field, text] of Object.entries(given)) {
    const values = readAlternatives(field, text)
    if (E.isLeft(values)) return values
    axes.push({ field, values: values.right })
    const tooLarge = sizeProblem(axes)
    if (tooLarge !== null) return E.left(invalidSweep(null, flagOf(field), `'${text}'`, tooLarge))
  }
  return E.right({ name, axes, runs: [{}] })
}
