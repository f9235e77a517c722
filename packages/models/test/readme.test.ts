import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { inferShapes, layerKindNames, layerKinds, parseModel, type Setting } from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const whenLeftOut = ({ byDefault, sameAs }: Setting<unknown>): string => {
  if (sameAs !== undefined) return `as \`${sameAs}\``
  return byDefault === undefined ? 'an error' : `\`${JSON.stringify(byDefault)}\``
}

/** The rows that the README must have, one a setting, from the kinds themselves. */
const rowsOf = (name: keyof typeof layerKinds): readonly (readonly string[])[] => {
  const settings = Object.entries<Setting<unknown>>(layerKinds[name].settings).filter(
    ([key]) => key !== 'kind',
  )
  if (settings.length === 0) return [[`\`${name}\``, '', '', '']]
  return settings.map(([key, setting], i) => [
    i === 0 ? `\`${name}\`` : '',
    `\`${key}\``,
    setting.rule.says,
    whenLeftOut(setting),
  ])
}

describe('the README', () => {
  it('says of every kind of layer its settings, their rules and their defaults', () => {
    const table = readme
      .slice(readme.indexOf('| kind '))
      .split('\n\n')[0]
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(table).toEqual(layerKindNames.flatMap(rowsOf))
  })

  it('has a network in JSON that parses', () => {
    const [, example] = /```json\n([\s\S]*?)```/.exec(readme) ?? []
    const model = parseModel(JSON.parse(example))
    if (E.isLeft(model)) throw new Error(model.left.reason)
    const inferred = inferShapes(model.right)
    expect(E.isRight(inferred) && inferred.right.outputShape).toEqual([10])
  })
})
