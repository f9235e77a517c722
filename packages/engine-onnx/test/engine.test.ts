import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { everyLayerNet, makeBatch, makeParams, relativeError } from '@laperm/conformance/engine'
import { adamSpec } from '@laperm/core'
import { type Engine, orThrow, renderEngineError, type TrainSession } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { type ProbePatience, probeGreeting, probeInProcess } from '../src/host/probe-process.ts'
import { makeOnnxEngine } from '../src/index.ts'
import { loadOnnxRuntime } from '../src/runtime/load-onnxruntime.ts'
import { probeConvolutions } from '../src/runtime/probe-convolutions.ts'
import { infer } from './support/infer.ts'

const compile = async (engine: Engine): Promise<TrainSession> => {
  const session = await engine.compile(infer(everyLayerNet), {
    loss: 'softmaxCrossEntropy',
    innerOptimizer: adamSpec,
    outerUpdate: { kind: 'none' },
    batchSize: 8,
    seed: 1,
  })()
  if (E.isLeft(session)) throw new Error(renderEngineError(session.left))
  return session.right
}

const losses = async (engine: Engine): Promise<readonly number[]> => {
  const session = await compile(engine)
  await orThrow(session.initialize(makeParams(session.inferred, 1)))
  const result: number[] = []
  for (let step = 1; step <= 20; step++)
    result.push((await orThrow(session.trainStep(makeBatch(session.inferred, 8, step % 4), 1e-3, step))).loss)
  await session.dispose()
  return result
}

describe('the engine', () => {
  it('trains the same with the convolutions that it chooses as with standard ones, to 1e-4 over 20 steps', async () => {
    const auto = await makeOnnxEngine({ threads: 2 })()
    const standard = await makeOnnxEngine({ threads: 1, convolutions: 'standard' })()
    if (E.isLeft(auto) || E.isLeft(standard)) throw new Error('the engine is missing')
    expect(standard.right.describe).toMatch(/^onnxruntime-node \d+\.\d+\.\d+, CPU, 1 thread, standard/)
    expect(auto.right.describe).toContain('2 threads')
    expect(auto.right.describe).toContain('synchronized by WebAssembly SIMD')
    expect(relativeError(await losses(auto.right), await losses(standard.right))).toBeLessThan(1e-4)
  })

  it('uses NCHWc convolutions, or says why it cannot', async () => {
    const probe = await probeConvolutions(await loadOnnxRuntime())
    const engine = await makeOnnxEngine({ convolutions: 'nchwc' })()
    if (probe.kind === 'nchwc')
      expect(E.isRight(engine) && engine.right.describe).toContain(`blocks of ${probe.block}`)
    else expect(E.isLeft(engine) && renderEngineError(engine.left)).toContain(probe.reason)
  })
})

describe('the probe in a process of its own', () => {
  const probeWith = async (script: string, patience?: ProbePatience) => {
    const folder = mkdtempSync(join(tmpdir(), 'laperm-probe-'))
    try {
      const file = join(folder, 'probe.mjs')
      writeFileSync(file, script)
      return await probeInProcess(file, patience)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('answers as the probe does in this one', async () => {
    const script = fileURLToPath(new URL('../dist/probe.js', import.meta.url))
    expect(await probeInProcess(script)).toEqual(await probeConvolutions(await loadOnnxRuntime()))
  })

  it('turns a crash into standard convolutions', async () => {
    expect(await probeWith("process.kill(process.pid, 'SIGSEGV')")).toEqual({
      kind: 'standard',
      reason: 'the probe of NCHWc convolutions was ended by SIGSEGV',
    })
    expect(await probeWith('process.exit(7)')).toEqual({
      kind: 'standard',
      reason: 'the probe of NCHWc convolutions ended with code 7',
    })
  })

  const greet = `process.send(${JSON.stringify(probeGreeting)})`

  it('believes no other answer', async () => {
    for (const value of ['nonsense', { kind: 'nchwc' }, []])
      expect(await probeWith(`${greet}\nprocess.send(${JSON.stringify(value)})`)).toEqual({
        kind: 'standard',
        reason: `the probe answered ${JSON.stringify(value)}`,
      })
    expect(await probeWith(greet)).toEqual({
      kind: 'standard',
      reason: 'the probe of NCHWc convolutions ended with code 0 and no answer',
    })
  })

  it('believes nobody who does not say first that it is the probe', async () => {
    const stranger = `${process.execPath} did not run the probe of NCHWc convolutions`
    const answers = "process.send({ kind: 'nchwc', block: 8 })"
    expect(await probeWith(answers)).toEqual({
      kind: 'standard',
      reason: `${stranger}, but something else`,
    })
    expect(await probeWith('')).toEqual({ kind: 'standard', reason: stranger })
  })

  it('waits neither for a program that is no probe nor for a probe that hangs', async () => {
    const stays = 'setInterval(() => undefined, 1000)'
    expect(await probeWith(stays, { greetingMs: 200, answerMs: 60_000 })).toMatchObject({
      reason: expect.stringContaining('within 200 ms'),
    })
    expect(await probeWith(`${greet}\n${stays}`, { greetingMs: 30_000, answerMs: 200 })).toMatchObject({
      reason: 'the probe of NCHWc convolutions gave no answer within 200 ms',
    })
  })
})
