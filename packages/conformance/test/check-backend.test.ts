import { readdirSync, readFileSync } from 'node:fs'
import { coreBackend } from '@laperm/core'
import { describe, expect, test } from 'vitest'
import { officialGolden } from '../../../test/official-golden.ts'
import { checkBackend } from '../src/check-backend.ts'
import { lawNames, type Progress } from '../src/report.ts'
import { counted, honest, permutesNaN } from './broken-backends.ts'

const quick = { randomTrials: 10, maxLength: 130, maxWeights: 1000 }

describe('checkBackend', () => {
  test("finds core's fast order equal to the reference under every law, the 26 golden cases among them", async () => {
    const report = await checkBackend(coreBackend, { golden: officialGolden() })
    expect(report.laws.filter(({ passed }) => !passed)).toEqual([])
    expect(report.passed).toBe(true)
    expect(report.laws.map(({ name }) => name)).toEqual(lawNames)
    expect(report.laws.find(({ name }) => name === 'golden cases')?.cases).toBe(26)
    // Every law spoke about more than the boundary lengths, NaN and powers of two only where they apply.
    for (const law of report.laws.slice(0, -1)) expect(law.cases).toBeGreaterThan(50)
  })

  test('finds a plain comparator sort equal to the reference', async () => {
    const report = await checkBackend(honest, { ...quick, golden: officialGolden().slice(0, 10) })
    expect(report.laws.filter(({ passed }) => !passed)).toEqual([])
  })

  test('checks the same cases for the same seed, and others for another', async () => {
    const trace = async (seed: number) => {
      const sizes: string[] = []
      const backend = {
        ...coreBackend,
        upload: (w: Parameters<typeof coreBackend.upload>[0]) => {
          sizes.push(`${w.length}x${w.count}:${w.values.at(-1)}`)
          return coreBackend.upload(w)
        },
      }
      await checkBackend(backend, { ...quick, seed })
      return sizes.join()
    }
    expect(await trace(5)).toBe(await trace(5))
    expect(await trace(5)).not.toBe(await trace(6))
  })

  test('tells its progress to the end', async () => {
    const seen: Progress[] = []
    await checkBackend(coreBackend, { ...quick, onProgress: (progress) => seen.push(progress) })
    expect(seen.map(({ done }) => done)).toEqual(seen.map((_, k) => k + 1))
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total)
  })

  test('lets timers run in between', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await checkBackend(coreBackend, { sliceMs: 5, randomTrials: 30 })
    clearInterval(timer)
    // A blocking run would leave no tick at all, however slow the machine; slices of 5 ms leave hundreds.
    expect(ticks).toBeGreaterThan(10)
  })

  test('disposes every bank', async () => {
    const { backend, open } = counted()
    const report = await checkBackend(backend, quick)
    expect(report.laws.filter(({ failure }) => failure !== undefined)).toEqual([])
    expect(open()).toBe(0)
  })

  test('reports plain data', async () => {
    const report = await checkBackend(coreBackend, quick)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  test('says which laws were skipped and why, and counts no skipped law as passed', async () => {
    const report = await checkBackend({ ...permutesNaN, refusesNaN: false }, quick)
    const law = (name: string) => report.laws.find((each) => each.name === name)
    expect(law('NaN is refused')).toEqual({
      name: 'NaN is refused',
      cases: 0,
      passed: false,
      skipped: 'the backend says that its operations do not look for NaN; whoever uses it has to',
    })
    expect(law('golden cases')).toMatchObject({ passed: false, skipped: 'no golden cases were given' })
    expect(report.passed).toBe(true)
  })

  test('checks the chosen laws alone, and refuses a law that there is none of', async () => {
    const sorts = ['sort equals the reference'] as const
    const report = await checkBackend(coreBackend, { ...quick, laws: sorts })
    expect(report.laws.filter(({ skipped }) => skipped === undefined).map(({ name }) => name)).toEqual(sorts)
    expect(report.laws[0]).toMatchObject({ cases: 0, passed: false, skipped: 'it was not chosen' })
    expect(report.passed).toBe(true)
    expect((await checkBackend(coreBackend, { ...quick, laws: [] })).passed).toBe(false)
    const unknown = { ...quick, laws: ['sorts'] as never }
    await expect(checkBackend(coreBackend, unknown)).rejects.toThrow(/^laws: there is no law 'sorts'; there/)
  })
})

test('all but the laws of stores imports nothing of Node, so that it runs on a web page', () => {
  const source = new URL('../src/', import.meta.url)
  // A store keeps files: its laws write some.
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('store/'),
  )
  expect(files.length).toBeGreaterThan(10)
  for (const file of files)
    expect(readFileSync(new URL(file, source), 'utf8')).not.toMatch(/from '(node:|fs|path)/)
})
