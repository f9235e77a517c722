/** Processes that host the engine in ways of their own. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { makeOnnxEngine } from '../src/index.ts'

const entry = new URL('../dist/index.js', import.meta.url).href

/** Run a module's text, in a process whose flags no child of it could use. */
const runProcess = (text: string, environment: Readonly<Record<string, string>> = {}) => {
  // As outside of this process, in which the engine has been loaded.
  const { ORT_DISABLE_TELEMETRY: _, ...inherited } = process.env
  return spawnSync(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...inherited, ...environment },
    encoding: 'utf8',
  })
}

/** Makes the engine, and a session that has begun to train where it is given one. */
const preamble = `
  import { adamSpec } from '@laperm/core'
  import { inferShapes, zoo } from '@laperm/models'
  import { makeOnnxEngine } from ${JSON.stringify(entry)}
  const begin = async (engine, network) => {
    const session = (await engine.compile(inferShapes(zoo[network]).right, {
      loss: 'softmaxCrossEntropy', innerOptimizer: adamSpec, outerUpdate: { kind: 'none' }, batchSize: 50, seed: 1, threads: 1,
    })()).right
    await session.initialize(session.inferred.parameters.map(({ name, shape, role }) =>
      ({ name, shape, role, values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.01) })))()
    return session
  }
`

describe('a process that hosts the engine', () => {
  it('lives on when it terminates workers that wanted to train', () => {
    const inWorker = `${preamble}
      import { parentPort } from 'node:worker_threads'
      const made = await makeOnnxEngine({ threads: 1, convolutions: 'standard' })()
      if (made._tag === 'Left') {
        parentPort.postMessage(made.left._tag + ': ' + made.left.remedy.text)
        setInterval(() => undefined, 1000)
      } else {
        const session = await begin(made.right, 'conv7')
        const batch = { size: 50, inputs: new Float32Array(50 * 784).fill(0.5), labels: new Uint8Array(50) }
        setTimeout(() => parentPort.postMessage('trains'), 5)
        for (let step = 1; ; step++) await session.trainStep(batch, 1e-3, step)()
      }
    `
    const { status, signal, stdout } = runProcess(`
      import { Worker } from 'node:worker_threads'
      for (let i = 0; i < 4; i++) {
        const worker = new Worker(${JSON.stringify(inWorker)}, { eval: true, execArgv: ['--input-type=module'] })
        const [said] = await Promise.race([
          new Promise((resolve) => worker.once('message', (text) => resolve([text]))),
          new Promise((_, reject) => worker.once('error', reject)),
        ])
        console.log(said)
        await worker.terminate()
      }
      console.log('alive')
    `)
    expect({ status, signal }).toEqual({ status: 0, signal: null })
    const refused = 'EngineUnavailable: Make it on the main thread, which a step does not block'
    const lines = stdout.trim().split('\n')
    expect(lines.length).toBe(5)
    for (const line of lines.slice(0, 4)) expect(line).toContain(refused)
    expect(lines[4]).toBe('alive')
  })

  it.skipIf(process.platform === 'win32')(
    'is no Node by its path: it is started once more, and not again and again',
    () => {
      const folder = makeTemporaryFolder('laperm-packed-')
      const [program, starts] = [join(folder, 'program'), join(folder, 'starts')]
      // As a packed program: whatever it is told to run, it is the application that runs.
      const application = `
      import { readFileSync } from 'node:fs'
      process.execPath = ${JSON.stringify(program)}
      if (readFileSync(${JSON.stringify(starts)}, 'utf8').length > 3) process.exit(1)
      ${preamble}
      const { right } = await makeOnnxEngine({ threads: 1 })()
      console.log(right.describe)
    `
      writeFileSync(join(folder, 'application.mjs'), application)
      writeFileSync(
        program,
        `#!/bin/sh\nprintf x >>'${starts}'\nexec '${process.execPath}' --input-type=module --eval "$(cat '${folder}/application.mjs')" -- "$@"\n`,
        { mode: 0o755 },
      )
      writeFileSync(starts, '')
      const { status, stdout, stderr } = runProcess(application)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(`standard convolutions`)
      expect(readFileSync(starts, 'utf8')).toBe('x')
    },
  )

  it('has one listener of its end for twelve sessions', () => {
    const { status, stderr, stdout } = runProcess(`${preamble}
      const engine = (await makeOnnxEngine({ threads: 1, convolutions: 'standard' })()).right
      const before = process.listenerCount('exit')
      const sessions = []
      for (let i = 0; i < 12; i++) sessions.push(await begin(engine, 'f2'))
      const during = process.listenerCount('exit')
      for (const session of sessions) await session.dispose()
      console.log(during - before, process.listenerCount('exit') - before)
    `)
    expect(stderr).toBe('')
    expect(stdout).toBe('1 0\n')
    expect(status).toBe(0)
  })

  it('finds nothing of onnxruntime written or printed, though its home directory takes nothing', () => {
    const folder = makeTemporaryFolder('laperm-onnx-')
    const { status, stderr } = runProcess(
      `${preamble}
      process.chdir(${JSON.stringify(folder)})
      const engine = (await makeOnnxEngine({ threads: 1, convolutions: 'standard' })()).right
      await (await begin(engine, 'f2')).dispose()
    `,
      { HOME: '/dev/null', XDG_CACHE_HOME: '' },
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is told the same of its convolutions, whatever flags it was started with', async () => {
    const here = await makeOnnxEngine({ threads: 1 })()
    const { stdout } = runProcess(`${preamble}
      console.log(JSON.stringify(await makeOnnxEngine({ threads: 1 })(), ['_tag', 'right', 'describe']))
    `)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(here, ['_tag', 'right', 'describe'])))
  })
})
