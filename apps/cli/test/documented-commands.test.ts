/** Every command line of the documents is one: its flags exist, and its settings keep their rules. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { zooNames } from '@laperm/models'
import { figures } from '@laperm/paper'
import { sweepFromFlags } from '@laperm/runs/sweep'
import { resolveExperiment, settingsFromFlags } from '@laperm/train'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { commandsFor } from '../src/commands/index.ts'
import { parseArguments } from '../src/parse-arguments.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const markdownIn = (folder: string): readonly string[] =>
  readdirSync(`${root}/${folder}`).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : []))
const documents = [
  'README.md',
  'apps/cli/README.md',
  ...readdirSync(`${root}/packages`).map((name) => `packages/${name}/README.md`),
  ...markdownIn('docs'),
  ...markdownIn('docs/guides'),
]

/** Lines of code that call the program, without what a shell does with them. */
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```[a-z]*\n(.*?)^```/gms)].flatMap(([, block]) =>
    [...block.matchAll(/^(?:\$ )?(?:npx )?laperm (.*)$/gm)].map(([, line]) =>
      line.replace(/\s+(#|\||\d?>).*$/, '').trim(),
    ),
  )
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)

/** What is wrong with a command line; null where nothing is. */
const problemOf = async (words: readonly string[]): Promise<unknown> => {
  const parsed = parseArguments(words, await commandsFor(words), '0.0.0', () => undefined)
  if (E.isLeft(parsed)) return parsed.left
  if (parsed.right.kind === 'printed') return 'it prints help'
  const { command, given } = parsed.right
  const { argument, settings } = given
  if (command.name === 'train' && zooNames.some((name) => name === argument)) {
    const asked = settingsFromFlags(settings)
    if (E.isLeft(asked)) return asked.left
    const experiment = resolveExperiment({ ...asked.right, model: String(argument) })
    return E.isLeft(experiment) ? experiment.left : null
  }
  if (command.name === 'sweep' && argument !== undefined) {
    const sweep = sweepFromFlags('documented', { model: argument, ...settings })
    return E.isLeft(sweep) ? sweep.left : null
  }
  if (command.name === 'reproduce') {
    const known = ['all', ...figures.map(({ name }) => name)]
    return argument?.split(',').find((name) => !known.includes(name)) ?? null
  }
  return null
}

const commands = documents.flatMap((path) => {
  const lines = commandsOf(readFileSync(`${root}/${path}`, 'utf8'))
  return lines.length > 0 ? [{ path, lines }] : []
})

test.each(commands)('the program takes the command lines of $path', async ({ lines }) => {
  const problems = await Promise.all(
    lines.map(async (line) => [line, await problemOf(wordsOf(line))] as const),
  )
  expect(problems.filter(([, problem]) => problem !== null)).toEqual([])
})

test('a flag, a setting and a figure that there is none of are found', async () => {
  expect(commandsOf('```sh\nnpx laperm train f2 --sede 1   # one\n```\n')).toEqual(['train f2 --sede 1'])
  for (const line of ['train f2 --sede 1', 'train f2 --sync-period 0', 'reproduce fig5,fig99', 'trian f2'])
    expect(await problemOf(wordsOf(line)), line).not.toBeNull()
})
