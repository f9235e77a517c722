/** Native drivers print what they like and crash now and then; neither reaches who asks for a report. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { laperm, makeDirectory, start } from './laperm-process.ts'

/** Run `laperm` where the process of every probe begins with this: what a driver would do when it is loaded. */
const withDriver = async (words: string, behaviour: string) => {
  const directory = makeDirectory()
  const driver = join(directory, 'driver.mjs')
  writeFileSync(
    driver,
    `import { writeSync } from 'node:fs'\nif (process.argv[1]?.endsWith('probe-main.js')) { ${behaviour} }`,
  )
  return laperm(words.split(' '), directory, { NODE_OPTIONS: `--import=${pathToFileURL(driver)}` })
}

const talks = String.raw`writeSync(1, 'a driver on its output\n'); writeSync(2, 'W0000 a driver speaks\x1b[2J\n')`

test.each(['doctor', 'doctor --quiet', 'verify --backend wasm --trials 1 --quiet'])(
  'laperm %s says nothing of what drivers print, and with --verbose all',
  async (words) => {
    const quiet = await withDriver(words, talks)
    expect(quiet).toMatchObject({ code: 0, stderr: '' })
    expect(quiet.stdout).not.toMatch(/a driver/)
    const verbose = await withDriver(`${words} --verbose`, talks)
    expect(verbose.code).toBe(0)
    expect(verbose.stderr).toContain('wasm: W0000 a driver speaks\\u{1b}[2J\n')
    expect(verbose.stderr).toContain('wasm: a driver on its output\n')
    expect(verbose.stdout).not.toMatch(/a driver/)
  },
)

const crashes = `${talks}; process.kill(process.pid, 'SIGSEGV')`

test('a driver that crashes is a finding of laperm doctor, and a failure of laperm verify', async () => {
  const doctor = await withDriver('doctor --json', crashes)
  expect(doctor).toMatchObject({ code: 0, stderr: '' })
  const { engines, backends } = JSON.parse(doctor.stdout)
  for (const { available, detail, remedy } of [...engines, ...backends]) {
    expect(available).toBe(false)
    expect(detail).toMatch(/the process that tried it ended \(SIGSEGV\); it printed: W0000 a driver speaks/)
    expect(remedy).toMatch(/--verbose .*Update or remove it/)
  }
  const verify = await withDriver('verify --backend wasm', crashes)
  expect(verify.code).toBe(1)
  expect(verify.stdout).toMatch(/^x {2}wasm: the process that tried it ended \(SIGSEGV\)/)
})

test('laperm verify is stopped by a signal, and its processes with it', async () => {
  const { child, ended } = start(['verify', '--backend', 'core', '--trials', '100000'], makeDirectory())
  setTimeout(() => child.kill('SIGTERM'), 2000)
  expect(await ended).toMatchObject({ code: 130, stdout: '' })
})
