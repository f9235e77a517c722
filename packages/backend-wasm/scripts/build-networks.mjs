/**
 * Write assembly/eight-rows.ts. AssemblyScript has no macros, and a function returns one register, not eight, so each comparison must be written
 * out where it is used. Here a network is a list of comparisons of two rows.
 *
 * `node scripts/build-networks.mjs` writes the file; a test compares it with what `renderEightRows` gives.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Rows of a network. A row is one register of 16 bytes. */
const rows = [0, 1, 2, 3, 4, 5, 6, 7]
const rowBytes = 16

/** Pairs of rows `distance` apart: in each block of `2 * distance` rows, every row of the first half with its partner in the second. */
const apart = (distance) =>
  rows.filter((row) => Math.floor(row / distance) % 2 === 0).map((row) => [row, row + distance])

/** Sorts eight rows that rise and then fall: Batcher's bitonic merge. */
const bitonicMerge = [...apart(4), ...apart(2), ...apart(1)]

/** Sorts eight rows by 19 comparisons, the fewest possible: Knuth, The Art of Computer Programming 3, 5.3.4. */
const optimalSort = [
  ...apart(2),
  ...apart(4),
  ...apart(1),
  [2, 4],
  [3, 5],
  [1, 4],
  [3, 6],
  [1, 2],
  [3, 4],
  [5, 6],
]

const address = (offset) => (offset === 0 ? 'at' : `at, ${offset}`)
const load = (row, offset) => `let r${row} = v128.load(${address(offset)})`
const store = (row) => `v128.store(at, r${row}${row === 0 ? '' : `, ${row * rowBytes}`})`

/** The smaller of two rows first, in all four columns at once. */
const compare = ([a, b]) => [
  `t = i32x4.min_u(r${a}, r${b})`,
  `r${b} = i32x4.max_u(r${a}, r${b})`,
  `r${a} = t`,
]

/** Compare a row of the second run, which is in a register, with its mirror image in the first run, which is in memory. */
const compareWithMirror = (row) => {
  const offset = (7 - row) * rowBytes
  const stored = offset === 0 ? '' : `, ${offset}`
  return [
    `t = v128.load(${address(offset)})`,
    `v128.store(at, i32x4.min_u(t, r${row})${stored})`,
    `r${row} = i32x4.max_u(t, r${row})`,
  ]
}

/** The text of a function that applies the statements to every run of `rowsInRun` rows. */
const overRuns = (comment, name, rowsInRun, statements) =>
  [
    `/** ${comment} */`,
    `export function ${name}(base: usize, end: usize): void {`,
    '  let t: v128',
    `  for (let at = base; at < end; at += ${rowsInRun * rowBytes}) {`,
    ...statements.map((statement) => `    ${statement}`),
    '  }',
    '}',
  ].join('\n')

/** Load eight rows, apply a network, store them. */
const throughNetwork = (network) => [
  ...rows.map((row) => load(row, row * rowBytes)),
  ...network.flatMap(compare),
  ...rows.map(store),
]

/** Compare the second run with the mirror image of the first and merge it while it is in registers; then merge the first. */
const mergeEights = [
  ...rows.map((row) => load(row, (8 + row) * rowBytes)),
  ...rows.flatMap(compareWithMirror),
  ...bitonicMerge.flatMap(compare),
  ...rows.map((row) => `v128.store(at, r${row}, ${(8 + row) * rowBytes})`),
  ...rows.map((row) => load(row, row * rowBytes).replace('let ', '')),
  ...bitonicMerge.flatMap(compare),
  ...rows.map(store),
]

/** The text of assembly/eight-rows.ts. */
export const renderEightRows = () =>
  [
    `/**
 * Sorting networks on eight adjacent rows, with which every merge begins and ends. Written by \`npm run build:networks\` from the lists of
 * comparisons in scripts/build-networks.mjs; a test fails when it is out of date.
 *
 * All addresses are one register plus a constant, unlike those of \`compareEights\`, which must be computed.
 */
`,
    overRuns('Sort runs of eight rows.', 'sortEights', 8, throughNetwork(optimalSort)),
    '',
    overRuns('Compare rows four apart, then two, then one.', 'finishEights', 8, throughNetwork(bitonicMerge)),
    '',
    overRuns(
      'Merge sorted runs of eight rows to runs of sixteen: compare one with the mirror image of the other, then merge each.',
      'mergeToSixteens',
      16,
      mergeEights,
    ),
    '',
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('../assembly/eight-rows.ts', import.meta.url), renderEightRows())
