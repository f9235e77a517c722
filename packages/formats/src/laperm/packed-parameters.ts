/** The list of parameters in a `.laperm` file's header. */
import type { JsonValue } from '../strict-json.ts'

/**
 * How a parameter's values are written: `arrangement` of its sorted initial weights; `initial` for values that have not changed, which need no
 * data; `float32` as they are.
 */
export const parameterCodings = ['arrangement', 'initial', 'float32'] as const
/** One of {@link parameterCodings}. */
export type ParameterCoding = (typeof parameterCodings)[number]

/** A parameter's place in the file. */
export interface PackedParameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly coding: ParameterCoding
  /** Of its data. */
  readonly bytes: number
}

const mostParameters = 100_000

/** Why something is none: its rule, and what stands there. */
export interface HeaderProblem {
  readonly expected: string
  readonly found: string
}

const problem = (expected: string, found: string): HeaderProblem => ({ expected, found })

/** Whether parsing has failed. */
export const isProblem = (value: object): value is HeaderProblem => 'expected' in value

const isCount = (value: JsonValue | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

/** A value of a header for people. */
export const showJson = (value: JsonValue | undefined): string =>
  value instanceof Map ? 'an object' : value === undefined ? 'none' : JSON.stringify(value)

const sizeOf = (shape: readonly number[]): number => 4 * shape.reduce((product, axis) => product * axis, 1)

/** The fields of a parameter, whatever they are. */
interface ParameterFields {
  readonly name: JsonValue | undefined
  readonly shape: JsonValue | undefined
  readonly coding: JsonValue | undefined
  readonly bytes: JsonValue | undefined
}

const checkParameter = ({
  name,
  shape,
  coding: given,
  bytes,
}: ParameterFields): PackedParameter | HeaderProblem => {
  const coding = parameterCodings.find((known) => known === given)
  if (typeof name !== 'string') return problem("a string as a parameter's name", showJson(name))
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isCount))
    return problem(`a shape of '${name}'`, showJson(shape))
  const size = sizeOf(shape)
  if (!Number.isSafeInteger(size))
    return problem(`a shape of '${name}' that memory can hold`, showJson(shape))
  if (coding === undefined)
    return problem(`one of ${parameterCodings.join(', ')} as coding of '${name}'`, showJson(given))
  if (!isCount(bytes)) return problem(`a number of bytes for '${name}'`, showJson(bytes))
  const fixed = coding === 'initial' ? 0 : coding === 'float32' ? size : bytes
  if (bytes !== fixed) return problem(`${fixed} bytes of ${coding} data for '${name}'`, `${bytes}`)
  return { name, shape, coding, bytes }
}

/** Version 1: `{ "name", "shape", "coding", "bytes" }`. */
const fieldsOfObject = (value: JsonValue): ParameterFields | HeaderProblem =>
  value instanceof Map
    ? {
        name: value.get('name'),
        shape: value.get('shape'),
        coding: value.get('coding'),
        bytes: value.get('bytes'),
      }
    : problem('an object for each parameter', showJson(value))

/** Version 2: `[name, shape, bytes of its arrangement or another coding]`. */
const fieldsOfList = (value: JsonValue): ParameterFields | HeaderProblem => {
  if (!Array.isArray(value) || value.length !== 3)
    return problem('a list of name, shape and coding for each parameter', showJson(value))
  const [name, shape, coding]: readonly JsonValue[] = value
  if (typeof coding !== 'string') return { name, shape, coding: 'arrangement', bytes: coding }
  const size = Array.isArray(shape) && shape.every(isCount) ? sizeOf(shape) : 0
  return {
    name,
    shape,
    coding: coding === 'arrangement' ? undefined : coding,
    bytes: coding === 'initial' ? 0 : size,
  }
}

/** How a version writes a parameter. */
export const parameterFields = { 1: fieldsOfObject, 2: fieldsOfList } as const

/** A parameter as version 2 writes it. */
export const listOfParameter = ({ name, shape, coding, bytes }: PackedParameter): readonly unknown[] => [
  name,
  shape,
  coding === 'arrangement' ? bytes : coding,
]

/** Parse the list. */
export const parseParameters = (
  value: JsonValue | undefined,
  fieldsOf: (value: JsonValue) => ParameterFields | HeaderProblem,
): readonly PackedParameter[] | HeaderProblem => {
  if (!Array.isArray(value) || value.length > mostParameters)
    return problem(
      `a list of at most ${mostParameters} parameters`,
      Array.isArray(value) ? `${value.length}` : showJson(value),
    )
  const parameters: PackedParameter[] = []
  const names = new Set<string>()
  for (const item of value) {
    const fields = fieldsOf(item)
    const parameter = isProblem(fields) ? fields : checkParameter(fields)
    if (isProblem(parameter)) return parameter
    if (names.has(parameter.name)) return problem(`the parameter '${parameter.name}' once`, 'it twice')
    names.add(parameter.name)
    parameters.push(parameter)
  }
  return parameters
}
