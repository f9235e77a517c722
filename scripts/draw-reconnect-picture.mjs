/**
 * Draws docs/pictures/reconnect.svg from a finished F1 run: each neuron's 28 x 28 incoming weights before and after training.
 *
 *   npx laperm train f1 --dataset mnist --normalize unit-minus-mean --seed 1 --out runs/picture
 *   node scripts/draw-reconnect-picture.mjs runs/picture
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeInitialParams, openRun, readWeights } from '../packages/train/dist/index.js'
import { root } from './packages.mjs'

const side = 28
const cell = 3
const gap = 10
const left = 62
const panel = side * cell

const rightOrExit = (either) => {
  if (either._tag === 'Right') return either.right
  console.error(either.left)
  process.exit(1)
}

const [directory] = process.argv.slice(2)
if (directory === undefined) {
  console.error('Usage: node scripts/draw-reconnect-picture.mjs <run directory of f1>')
  process.exit(2)
}
const run = rightOrExit(await openRun(directory)())
const before = rightOrExit(makeInitialParams(run.config.experiment))[0]
const after = rightOrExit(await readWeights(run, 'best')())[0]
const neurons = before.shape[1]

/** Cells of one neuron that satisfy a rule, as one path; neighbours in a row are one rectangle. */
const cellsPath = (neuron, rule) => {
  let path = ''
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let width = 0
      while (x + width < side && rule((y * side + x + width) * neurons + neuron)) width++
      if (width > 0) path += `M${x} ${y}h${width}v1h-${width}z`
      x += width
    }
  }
  return path
}

const panelAt = (neuron, row, layers) =>
  `<g transform="translate(${left + neuron * (panel + gap)} ${24 + row * (panel + 34)})"><rect width="${panel}" height="${panel}" fill="#f4f1ea"/><g transform="scale(${cell})">${layers
    .map(({ rule, fill }) => `<path fill="${fill}" d="${cellsPath(neuron, rule)}"/>`)
    .join('')}</g></g>`

const isWeight = (params) => (index) => params.values[index] !== 0
const stayed = (index) => before.values[index] !== 0 && after.values[index] !== 0
const arrived = (index) => before.values[index] === 0 && after.values[index] !== 0
const width = left + neurons * (panel + gap)
const height = 24 + 2 * panel + 34 + 14
const label = (x, y, text, anchor = 'middle') =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`
const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The incoming weights of ten neurons before and after training by reconnecting">`,
  `<rect width="${width}" height="${height}" fill="#ffffff"/><g font-family="system-ui, sans-serif" font-size="13" fill="#333333">`,
  ...Array.from({ length: neurons }, (_, neuron) =>
    label(left + neuron * (panel + gap) + panel / 2, 16, `neuron ${neuron}`),
  ),
  label(8, 24 + panel / 2, 'before', 'start'),
  label(8, 24 + panel + 34 + panel / 2, 'after', 'start'),
  label(
    left,
    24 + panel + 22,
    `the same ${before.values.filter((value) => value !== 0).length.toLocaleString('en')} weights of 0.08, moved: dark ones stayed, orange ones came from elsewhere`,
    'start',
  ),
  '</g>',
  ...Array.from({ length: neurons }, (_, neuron) => [
    panelAt(neuron, 0, [{ rule: isWeight(before), fill: '#2b3a55' }]),
    panelAt(neuron, 1, [
      { rule: stayed, fill: '#2b3a55' },
      { rule: arrived, fill: '#e0762a' },
    ]),
  ]).flat(),
  '</svg>',
].join('\n')

const file = join(root, 'docs', 'pictures', 'reconnect.svg')
mkdirSync(join(root, 'docs', 'pictures'), { recursive: true })
writeFileSync(file, svg)
console.log(`${file}: ${(svg.length / 1024).toFixed(0)} KiB`)
