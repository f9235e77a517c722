/**
 * How people write the ten digits: each as a few ways of moving a pen, as data.
 *
 * A stroke is written as the points that the pen passes, `x,y` in hundredths of the digit's box, x to the right, y down; `!` after a point
 * lets the pen turn sharply there. The numbers were placed by eye.
 */

/** One line drawn without lifting the pen: a smooth curve through its points, broken where one is a corner. */
export interface PenStroke {
  readonly points: readonly {
    /** Fraction of the box's width. */
    readonly x: number
    /** Fraction of the box's height. */
    readonly y: number
    readonly isCorner: boolean
  }[]
}

/** One way of writing a digit. */
export type DigitShape = readonly PenStroke[]

const parseStroke = (text: string): PenStroke => ({
  points: text.split(' ').map((point) => {
    const [x, y] = point.replace('!', '').split(',').map(Number)
    return { x: x / 100, y: y / 100, isCorner: point.endsWith('!') }
  }),
})

const shape = (...strokes: readonly string[]): DigitShape => strokes.map(parseStroke)

const zero: readonly DigitShape[] = [
  // Round, closed.
  shape('55,2 20,14 6,50 18,86 50,100 82,86 94,50 82,14 50,1'),
  // Begun on the right, the end running past the beginning.
  shape('78,10 42,0 10,32 10,70 40,100 78,86 93,45 70,8 45,10'),
  // Narrow and leaning.
  shape('60,0 30,20 16,60 28,95 52,97 76,70 86,30 72,3 55,4'),
]

const one: readonly DigitShape[] = [
  shape('50,0 50,50 50,100'),
  shape('22,26 55,0! 54,50 52,100'),
  shape('24,24 52,0! 52,100', '18,100 88,99'),
]

const two: readonly DigitShape[] = [
  shape('10,26 28,4 64,2 84,24 68,52 36,80 8,100! 50,98 94,97'),
  // With a loop at the foot.
  shape('14,20 42,0 80,12 78,42 48,78 20,98 6,88 24,76 56,92 95,94'),
  // Sharp, nearly a z with a round head.
  shape('12,14 50,0 82,18 60,56 12,96! 90,100'),
]

const three: readonly DigitShape[] = [
  shape('14,14 46,0 80,20 66,40 36,47! 74,56 86,78 56,100 10,88'),
  // Flat head.
  shape('14,3 50,2 82,3! 42,42! 76,52 86,78 52,100 10,90'),
  // Round, the waist a small loop.
  shape('20,8 62,2 78,24 50,44 34,50 50,48 82,66 70,95 32,100 8,84'),
]

const four: readonly DigitShape[] = [
  // Open.
  shape('22,0 14,30 10,58! 50,57 94,54', '74,6 70,50 66,100'),
  // Closed.
  shape('66,0 36,34 6,66! 96,65', '66,0 66,50 66,100'),
  // Open, the left side round.
  shape('18,2 12,34 26,52 54,50 84,42', '86,0 78,50 72,100'),
]

const five: readonly DigitShape[] = [
  shape('88,2 56,3 24,2! 20,44! 54,38 86,58 80,86 46,100 8,90'),
  // The roof is drawn last.
  shape('28,6 20,42! 50,40 84,62 74,92 40,100 10,92', '28,4 60,2 94,0'),
  // Flowing, like an s.
  shape('86,0 50,3 30,18 30,40 60,50 80,72 58,97 12,96'),
]

const six: readonly DigitShape[] = [
  shape('78,4 42,20 16,58 26,92 60,100 86,76 64,52 32,60 20,78'),
  // Straight back.
  shape('58,0 34,32 16,70 34,98 70,94 82,70 56,56 24,74'),
  // A long back with a small loop.
  shape('50,0 26,30 14,66 28,98 62,98 74,78 50,66 22,84'),
]

const seven: readonly DigitShape[] = [
  shape('6,5 48,5 90,3! 62,50 42,100'),
  // Crossed.
  shape('6,6 48,4 92,2! 64,50 46,100', '28,52 86,48'),
  // With a serif on the left.
  shape('8,20 10,3! 50,6 90,3! 56,50 44,100'),
]

const eight: readonly DigitShape[] = [
  // One line, begun as an s.
  shape('78,14 50,0 20,18 42,44 78,70 62,98 26,95 20,68 54,44 82,20 70,6'),
  // Two rings.
  shape('50,46 22,24 50,0 78,24 50,46', '50,46 14,74 50,100 86,74 50,46'),
  // One line, begun in the middle.
  shape('50,48 20,26 46,0 78,20 50,48 16,76 46,100 82,78 52,50'),
]

const nine: readonly DigitShape[] = [
  // Straight stem.
  shape('80,18 50,2 18,26 40,52 74,36 82,8! 78,54 70,100'),
  // Curled stem.
  shape('78,14 44,2 16,28 42,52 76,34 82,12! 84,50 68,92 24,96'),
  // Leaning, one sweep.
  shape('84,12 52,0 22,20 34,46 66,40 86,10 76,50 54,100'),
]

/** `digitShapes[d]`: the ways of writing digit `d`, each as likely as the others. */
export const digitShapes: readonly (readonly DigitShape[])[] = [
  zero,
  one,
  two,
  three,
  four,
  five,
  six,
  seven,
  eight,
  nine,
]
