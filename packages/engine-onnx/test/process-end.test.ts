import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const entry = new URL('../dist/index.js', import.meta.url).href

/** A process that starts a long step of Conv7, and then does `then`. */
const runProcess = (then: string) =>
  spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `
      import { adamSpec } from '@laperm/core'
      import { inferShapes, zoo } from '@laperm/models'
      const { makeOnnxEngine } = await import(${JSON.stringify(entry)})
      const engine = (await makeOnnxEngine({ threads: 1 })()).right
      const session = (await engine.compile(inferShapes(zoo.conv7).right, {
        loss: 'softmaxCrossEntropy', innerOptimizer: adamSpec, outerUpdate: { kind: 'none' }, batchSize: 50, seed: 1,
      })()).right
      await session.initialize(session.inferred.parameters.map(({ name, shape, role }) =>
        ({ name, shape, role, values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.01) })))()
      const batch = { size: 50, inputs: new Float32Array(50 * 784).fill(0.5), labels: new Uint8Array(50) }
      const step = session.trainStep(batch, 1e-3, 1)()
      await new Promise((resolve) => setTimeout(resolve, 5))
      ${then}
      `,
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  )

describe('the end of a process', () => {
  it('in the middle of a step is an orderly one', () => {
    const { status, stderr } = runProcess('process.exit(3)')
    expect(stderr).toBe('')
    expect(status).toBe(3)
  })

  it('waits for a session that is disposed of in the middle of a step', () => {
    const { status, stderr, stdout } = runProcess(`
      await session.dispose()
      console.log('disposed,', (await step).left._tag)
    `)
    expect(stderr).toBe('')
    expect(stdout).toBe('disposed, EngineStopped\n')
    expect(status).toBe(0)
  })

  it('comes by itself, though a session was never disposed', () => {
    const { status, stderr, stdout } = runProcess(
      "console.log((await step).right.loss > 0 ? 'trained' : 'odd')",
    )
    expect(stderr).toBe('')
    expect(stdout).toBe('trained\n')
    expect(status).toBe(0)
  })
})
