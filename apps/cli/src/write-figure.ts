/** Figures that a command was asked to write, as SVG and as PNG. */
import { renderSvg, type Scene } from '@laperm/figures'
import { either as E } from 'fp-ts'
import type { FlagValues } from './command.ts'
import type { Failure } from './failure.ts'
import { needing } from './flag-relations.ts'
import { oneOf, text } from './flags.ts'
import { endingProblem } from './output-ending.ts'
import { rasterize } from './rasterize.ts'
import { forceFlag, type Output, outputProblem, writeOutput } from './write-output.ts'

/** Flags of every command that draws; what is drawn is said by the command. */
export const figureFlags = (drawn: string) => ({
  svg: text('<file>', `draw ${drawn}`),
  png: text('<file>', 'the same picture as PNG, at twice its size'),
  theme: needing(
    oneOf(
      'theme',
      ['auto', 'light', 'dark'],
      "of the pictures: auto (SVG: the reader's; PNG: light), light or dark",
    ),
    'svg',
    'png',
  ),
  force: needing(forceFlag, 'svg', 'png'),
})
export type FigureFlags = FlagValues<ReturnType<typeof figureFlags>>

/** Pixels of a PNG for each of a scene: sharp in print at column width. */
const pixelRatio = 2

type Kind = 'svg' | 'png'

/** The pictures that were asked for. */
const outputsOf = (flags: FigureFlags): readonly (Output & { readonly kind: Kind })[] =>
  (['svg', 'png'] as const).flatMap((kind) => {
    const path = flags[kind]
    return path === undefined ? [] : [{ kind, flag: `--${kind}`, path, force: flags.force === true }]
  })

/** What is wrong with the places of pictures, before anything is drawn. */
export const figureProblem = async (flags: FigureFlags): Promise<Failure | null> => {
  for (const output of outputsOf(flags)) {
    const problem = endingProblem(output, `.${output.kind}`) ?? (await outputProblem(output))
    if (problem !== null) return problem
  }
  return null
}

/**
 * Write a scene as it was asked for.
 *
 * @param draw makes the scene; not called where nothing is to be drawn.
 * @returns the files that were written.
 */
export const writeFigures = async (
  draw: () => Scene,
  flags: FigureFlags,
): Promise<E.Either<Failure, readonly string[]>> => {
  const { theme = 'auto' } = flags
  const outputs = outputsOf(flags)
  if (outputs.length === 0) return E.right([])
  const scene = draw()
  const contentOf: Record<Kind, () => Promise<string | Uint8Array>> = {
    svg: async () => renderSvg(scene, theme),
    png: () => rasterize(renderSvg(scene, theme === 'auto' ? 'light' : theme), scene.width * pixelRatio),
  }
  for (const output of outputs) {
    const failure = await writeOutput(output, [await contentOf[output.kind]()])
    if (failure !== null) return E.left(failure)
  }
  return E.right(outputs.map(({ path }) => path))
}
