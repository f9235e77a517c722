/**
 * `digits`: a data set of handwritten-looking digits that this package draws itself, so that everything works without a network.
 *
 * Ten classes, 28x28, one channel, white on black like MNIST. An example is a pure function of (seed, split, index), the same bits on
 * every JavaScript engine. It is no copy of anybody's handwriting and says nothing about results on MNIST.
 */
import { makeRandom, type Random, shuffleInPlace } from '@laperm/core'
import { allocateBytes, type ImageShape, type PixelDataset, type PixelExamples } from '../dataset.ts'
import { digitShapes } from './digit-shapes.ts'
import { type Canvas, drawCurve } from './pen.ts'

const side = 28
const pixels = side * side

/** The shape of an image. */
export const digitShape: ImageShape = [side, side, 1]
/** One a digit. */
export const digitClasses = 10

/** The two halves of `digits`; they share no randomness. */
export type DigitSplit = 'train' | 'test'

/** How many examples to draw. */
export interface DigitSizes {
  readonly train: number
  readonly test: number
}

/** 20,000 to train and 4,000 to test: under three seconds on one core. */
export const defaultDigitSizes: DigitSizes = { train: 20_000, test: 4_000 }

const uniform = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.nextUniform()

/**
 * The label of example `index`: each block of ten consecutive examples holds every digit once, in a drawn order, so that any
 * number of first examples is balanced.
 */
export const digitLabel = (seed: number, split: DigitSplit, index: number): number => {
  const block = Uint32Array.from({ length: digitClasses }, (_, digit) => digit)
  shuffleInPlace(block, makeRandom(seed, `digits/${split}/labels`, Math.floor(index / digitClasses)))
  return block[index % digitClasses]
}

/** What makes one hand at one moment: drawn once an image. Lengths in pixels. */
interface Hand {
  readonly width: number
  readonly height: number
  readonly centerX: number
  readonly centerY: number
  /** Sideways shift per height: positive leans to the right. */
  readonly slant: number
  /** Tangent of half the angle of rotation: gives its cosine and sine by division alone. */
  readonly halfTangent: number
  readonly penRadius: number
  readonly penSoftness: number
  /** Standard deviation of every pen point, as a fraction of the box. */
  readonly unsteadiness: number
  /** 0..255. */
  readonly brightness: number
  /** Largest change of a pixel by noise, in gray levels. */
  readonly noise: number
}

const drawHand = (random: Random): Hand => {
  const height = uniform(random, 15, 22)
  return {
    height,
    width: height * uniform(random, 0.55, 0.95),
    centerX: (side - 1) / 2 + uniform(random, -2.25, 2.25),
    centerY: (side - 1) / 2 + uniform(random, -2.25, 2.25),
    slant: 0.1 + 0.2 * random.nextNormal(),
    halfTangent: 0.05 * random.nextNormal(),
    penRadius: uniform(random, 0.8, 1.7),
    penSoftness: uniform(random, 0.9, 1.5),
    unsteadiness: uniform(random, 0.015, 0.04),
    brightness: uniform(random, 170, 255),
    noise: uniform(random, 0, 24),
  }
}

/** Scratch of {@link makeDigitPen}, allocated once. */
interface DigitPen {
  readonly draw: (seed: number, split: DigitSplit, index: number, out: Uint8Array, at: number) => void
}

const makeDigitPen = (): DigitPen => {
  const canvas: Canvas = { height: side, width: side, ink: new Float64Array(pixels) }
  const points = new Float64Array(3 * 16)
  const isCorner: boolean[] = []

  const drawShape = (random: Random, label: number, hand: Hand): void => {
    const shapes = digitShapes[label]
    const shape = shapes[random.nextInt(shapes.length)]
    const t = hand.halfTangent
    const cosine = (1 - t * t) / (1 + t * t)
    const sine = (2 * t) / (1 + t * t)
    for (const stroke of shape) {
      stroke.points.forEach((point, i) => {
        const x = (point.x - 0.5 + hand.unsteadiness * random.nextNormal()) * hand.width
        const y = (point.y - 0.5 + hand.unsteadiness * random.nextNormal()) * hand.height
        const leaning = x - hand.slant * y
        points[3 * i] = hand.centerX + cosine * leaning - sine * y
        points[3 * i + 1] = hand.centerY + sine * leaning + cosine * y
        points[3 * i + 2] = hand.penRadius * uniform(random, 0.8, 1.2)
        isCorner[i] = point.isCorner
      })
      drawCurve(canvas, points, stroke.points.length, isCorner, hand.penSoftness)
    }
  }

  const draw = (seed: number, split: DigitSplit, index: number, out: Uint8Array, at: number): void => {
    const random = makeRandom(seed, `digits/${split}`, index)
    const hand = drawHand(random)
    canvas.ink.fill(0)
    drawShape(random, digitLabel(seed, split, index), hand)
    const noiseScale = (2 * hand.noise) / 255
    for (let pixel = 0; pixel < pixels; pixel += 4) {
      // One draw gives the noise of four pixels, a byte each.
      const word = random.nextUint32()
      for (let k = 0; k < 4; k++) {
        const noise = (((word >>> (8 * k)) & 255) - 127.5) * noiseScale
        const value = canvas.ink[pixel + k] * hand.brightness + noise
        out[at + pixel + k] = value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5)
      }
    }
  }
  return { draw }
}

/** Draw one example alone: `[28, 28, 1]` bytes and its label, the same as in {@link makeDigits}. */
export const drawDigit = (
  seed: number,
  split: DigitSplit,
  index: number,
): { readonly image: Uint8Array; readonly label: number } => {
  const image = new Uint8Array(pixels)
  makeDigitPen().draw(seed, split, index, image, 0)
  return { image, label: digitLabel(seed, split, index) }
}

const drawExamples = (seed: number, split: DigitSplit, count: number): PixelExamples => {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`sizes.${split} is ${count}, but must be a positive integer`)
  const pen = makeDigitPen()
  const images = allocateBytes(count * pixels)
  const labels = new Uint8Array(count)
  for (let index = 0; index < count; index++) {
    labels[index] = digitLabel(seed, split, index)
    pen.draw(seed, split, index, images, index * pixels)
  }
  return { inputs: images, labels, count }
}

/**
 * Draw the data set. A larger one begins with the examples of a smaller one.
 *
 * A linear model stays below 95% test accuracy, a small convolutional network passes 99% (the tests and the README have the numbers).
 * Cost: under 100 microseconds an image.
 *
 * @param seed any safe integer; default 1.
 * @throws RangeError when the seed is no safe integer or a size no positive integer.
 */
export const makeDigits = (seed = 1, sizes: DigitSizes = defaultDigitSizes): PixelDataset => ({
  name: 'digits',
  inputShape: digitShape,
  classes: digitClasses,
  train: drawExamples(seed, 'train', sizes.train),
  test: drawExamples(seed, 'test', sizes.test),
  warnings: [],
})
