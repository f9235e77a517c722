/** How long `laperm profile` takes for a network of 25 million weights, and how much memory: the shapes of ResNet-50 for ImageNet. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeRandom } from '@laperm/core'
import { encodeSafetensors, type Tensor } from '@laperm/formats'
import { startLaperm } from '../harness/laperm-process.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { spreadOf } from '../harness/statistics.ts'

/** Blocks of each stage, and the channels within a block. @see He et al. 2015, arXiv:1512.03385 Table 1 */
const stages = [
  [3, 64],
  [4, 128],
  [6, 256],
  [3, 512],
] as const

/** Kernels in Keras's order: `[kh, kw, in, out]`. */
const shapes = (): readonly (readonly [string, readonly number[]])[] => {
  const found: [string, readonly number[]][] = [['conv1', [7, 7, 3, 64]]]
  let channels = 64
  for (const [stage, [blocks, width]] of stages.entries())
    for (let block = 0; block < blocks; block++) {
      const name = `conv${stage + 2}_block${block + 1}`
      if (block === 0) found.push([`${name}_0_conv`, [1, 1, channels, 4 * width]])
      found.push([`${name}_1_conv`, [1, 1, channels, width]])
      found.push([`${name}_2_conv`, [3, 3, width, width]])
      found.push([`${name}_3_conv`, [1, 1, width, 4 * width]])
      channels = 4 * width
    }
  return [...found, ['predictions', [channels, 1000]]]
}

const draw = (): readonly Tensor[] => {
  const random = makeRandom(1, 'gaussianWeights')
  return shapes().map(([name, shape]) => {
    const size = shape.reduce((product, axis) => product * axis, 1)
    const deviation = Math.sqrt(2 / (size / (shape.at(-1) ?? 1)))
    return {
      name: `${name}/kernel`,
      shape,
      values: new Float32Array(size).map(() => deviation * random.nextNormal()),
    }
  })
}

interface Measured {
  readonly seconds: number
  /** Of all its threads, as Linux counts them; to a hundredth. */
  readonly processorSeconds: number
  readonly peakBytes: number
}

/** Run the command; Linux tells the process's largest memory and its time as long as it lives. */
const profile = async (words: readonly string[]): Promise<Measured> => {
  const start = performance.now()
  const { child, ended } = startLaperm(['profile', ...words])
  let peakBytes = 0
  let processorSeconds = 0
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peakBytes = Math.max(peakBytes, 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0))
      // Behind the name in brackets, which may hold blanks: user and system time are the 12th and 13th field, in hundredths.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      processorSeconds = (Number(fields[11]) + Number(fields[12])) / 100
    } catch {
      // It has ended.
    }
  }, 20)
  const { code } = await ended
  clearInterval(timer)
  if (code !== 0) throw new Error(`laperm profile ${words.join(' ')} ended with ${code}`)
  return { seconds: (performance.now() - start) / 1000, processorSeconds, peakBytes }
}

/** Profile the file without and with pictures. */
export const measureProfileTime = async ({
  rounds,
  json,
}: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), 'laperm-profile-'))
  try {
    const file = join(directory, 'resnet50.safetensors')
    const tensors = draw()
    const weights = tensors.reduce((sum, { values }) => sum + values.length, 0)
    writeFileSync(file, encodeSafetensors(tensors, {}))
    const ways: readonly (readonly [string, readonly string[], string | null])[] = [
      ['numbers', ['--json'], null],
      ['numbers and SVG', ['--svg', join(directory, 'a.svg'), '--force'], join(directory, 'a.svg')],
      ['numbers and PNG', ['--png', join(directory, 'a.png'), '--force'], join(directory, 'a.png')],
    ]
    const measured = []
    for (const [what, words, picture] of ways) {
      const runs: Measured[] = []
      for (let round = 0; round < rounds; round++) runs.push(await profile([file, '--quiet', ...words]))
      measured.push({
        what,
        seconds: spreadOf(runs.map(({ seconds }) => seconds)).median,
        processorSeconds: spreadOf(runs.map(({ processorSeconds }) => processorSeconds)).median,
        peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
        pictureBytes: picture === null ? null : statSync(picture).size,
      })
    }
    writeJson(json, { weights, measured })
    const megabytes = (bytes: number | null): string => (bytes === null ? '-' : (bytes / 1e6).toFixed(1))
    return renderTable({
      title: `Profile of ${weights.toLocaleString('en-US')} weights in ${tensors.length} layers (ResNet-50's shapes)`,
      header: ['what', 'seconds, median', 'of the processor', 'largest memory, MB', 'picture, MB'],
      rows: measured.map(({ what, seconds, processorSeconds, peakBytes, pictureBytes }) => [
        what,
        seconds.toFixed(1),
        processorSeconds.toFixed(1),
        megabytes(peakBytes),
        megabytes(pictureBytes),
      ]),
      notes: [
        `\`laperm profile\` on a .safetensors of normal numbers (${megabytes(statSync(file).size)} MB), in a process of its own, from its start to its end; ${rounds} rounds.`,
      ],
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
