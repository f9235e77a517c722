/** The backend that a visitor's module exports, found and looked at before it is called. */
import type { Backend } from '@laperm/core'
import { either as E } from 'fp-ts'

const texts = ['name', 'device'] as const
const flags = ['refusesNaN', 'keepsSubnormals'] as const
const operations = ['upload', 'download', 'sort', 'rank', 'permute', 'sync', 'dispose', 'close'] as const

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const missingOf = (value: Readonly<Record<string, unknown>>): readonly string[] => [
  ...texts.filter((name) => typeof value[name] !== 'string'),
  ...flags.filter((name) => typeof value[name] !== 'boolean'),
  ...operations.filter((name) => typeof value[name] !== 'function'),
]

/** Whether it has at least the operations' names: then what is missing is worth saying. */
const looksLikeOne = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isRecord(value) && ['sort', 'rank', 'sync'].some((name) => name in value)

/** A bank is the backend's own business: nobody else looks into it. */
const isBackend = (
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Backend<unknown> => missingOf(value).length === 0

/** A maker gives a backend, a promise of one, or, as the packages' makers do, a task that ends in an `Either`. */
const unwrap = async (value: unknown): Promise<E.Either<string, unknown>> => {
  let found = value
  // A function that makes a task that ends in an Either: three wrappings.
  for (let depth = 0; depth < 4 && !looksLikeOne(found); depth++) {
    if (typeof found === 'function') found = await found()
    else if (isRecord(found) && found._tag === 'Right') found = found.right
    else if (isRecord(found) && found._tag === 'Left') {
      const reason =
        isRecord(found.left) && typeof found.left.reason === 'string' ? found.left.reason : found.left
      return E.left(`Its maker says that it cannot run here: ${String(reason)}`)
    }
  }
  return E.right(found)
}

/**
 * @param module what the module exports.
 * @returns `Left` with what is wrong with it, in a sentence.
 */
export const findBackend = async (
  module: Readonly<Record<string, unknown>>,
): Promise<E.Either<string, Backend<unknown>>> => {
  const names = Object.keys(module)
  const name =
    ['default', 'backend'].find((each) => each in module) ?? names.find((each) => /^make/.test(each))
  if (name === undefined)
    return E.left(
      `The module exports ${names.length === 0 ? 'nothing' : names.join(', ')}; it must export a Backend as \`default\` or \`backend\`, or a function \`make…\` that returns one.`,
    )
  const unwrapped = await unwrap(module[name])
  if (E.isLeft(unwrapped)) return unwrapped
  const value = unwrapped.right
  if (!isRecord(value))
    return E.left(`\`${name}\` is no Backend but ${value === null ? 'null' : typeof value}.`)
  return isBackend(value)
    ? E.right(value)
    : E.left(
        `\`${name}\` is no Backend: of its members these are missing or of another kind: ${missingOf(value).join(', ')}.`,
      )
}
