/** What a test's page runs: every maker within reach of `page.evaluate`, under the real style sheet. */
import { makeDigitPad } from '../../src/digit-pad/digit-pad.ts'
import { makeDistanceChart } from '../../src/pictures/distance-chart.ts'
import { makeNeuronImage } from '../../src/pictures/neuron-image.ts'
import { makeSortedVectors } from '../../src/pictures/sorted-vectors.ts'
import theme from '../../src/pictures/theme.css?inline'
import { makeTrainingChart } from '../../src/pictures/training-chart.ts'
import { madeUpLoss, madeUpNeuron, madeUpVectors } from './made-up-run.ts'

const style = document.createElement('style')
style.textContent = `${theme} body { font: 16px sans-serif; color: var(--text); background: var(--surface) }`
document.head.append(style)

/** Colour of a canvas's pixel, `[red, green, blue, alpha]`, at a place in CSS pixels of the window. */
const pixelAt = (canvas: HTMLCanvasElement, x: number, y: number): readonly number[] => {
  const { left, top } = canvas.getBoundingClientRect()
  const context = canvas.getContext('2d')
  if (context === null) throw new TypeError('no 2D canvas')
  return [...context.getImageData(Math.floor(x - left), Math.floor(y - top), 1, 1).data]
}

const stage = {
  makeDigitPad,
  makeDistanceChart,
  makeNeuronImage,
  makeSortedVectors,
  makeTrainingChart,
  madeUpLoss,
  madeUpNeuron,
  madeUpVectors,
  pixelAt,
}

/** As `page.evaluate` sees it. */
export type StageModule = typeof stage

Object.assign(globalThis, { stage })
