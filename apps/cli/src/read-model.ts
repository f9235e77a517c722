/** What `laperm train` is to train: a network of the zoo by its name, or one's own from a JSON file. */
import { readFile, stat } from 'node:fs/promises'
import { systemRefusal } from '@laperm/data/node'
import { parseStrictJson } from '@laperm/formats'
import { type Model, parseModel, renderModelError } from '@laperm/models'
import { either as E } from 'fp-ts'
import { type UsageError, usageError } from './failure.ts'

/** Far more than any network that trains here takes as text. */
const mostBytes = 4_000_000
/** Levels of JSON: a layer in 32 others, as many as a network may have, takes two for each. */
const mostLevels = 100

/** A path is told from a name by its ending or by a separator. */
const isPath = (argument: string): boolean => argument.endsWith('.json') || /[/\\]/.test(argument)

const readJson = async (path: string): Promise<E.Either<UsageError, unknown>> => {
  const fail = (reason: string) => E.left(usageError(`${path}: ${reason}`))
  try {
    const found = await stat(path)
    if (!found.isFile()) return fail('this is no file. Name the JSON file of a network.')
    if (found.size > mostBytes)
      return fail(`it has ${found.size} bytes, but the JSON of a network has at most ${mostBytes}.`)
    const text = await readFile(path, 'utf8')
    const strict = parseStrictJson(text, mostLevels)
    if (E.isRight(strict)) return E.right(JSON.parse(text))
    const { expected, at } = strict.left
    return fail(
      `its JSON cannot be read: expected ${expected}, found ${at < text.length ? `'${text.slice(at, at + 20)}'` : 'its end'} at character ${at}.`,
    )
  } catch (error) {
    const reason = systemRefusal(error)
    if (reason === null) throw error
    return fail(
      reason.startsWith('ENOENT')
        ? "there is no such file. Name a network's JSON file, or a model of 'laperm list'."
        : `it cannot be read: ${reason}. Name a network's JSON file that you may read.`,
    )
  }
}

/** @returns the name as it is (`resolveExperiment` knows them all), or the network that the file holds, checked. */
export const readModel = async (argument: string): Promise<E.Either<UsageError, string | Model>> => {
  if (!isPath(argument)) return E.right(argument)
  const json = await readJson(argument)
  if (E.isLeft(json)) return json
  const model = parseModel(json.right)
  return E.isLeft(model) ? E.left(usageError(`${argument}: ${renderModelError(model.left)}`)) : model
}
