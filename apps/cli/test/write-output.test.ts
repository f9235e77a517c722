/** Files that commands write: never over one that is there, whole or not at all, and told by the name that was given. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { renderFailure } from '../src/failure.ts'
import { endingProblem } from '../src/output-ending.ts'
import { writeOutput } from '../src/write-output.ts'

const place = (path: string, force = false) => ({ flag: '--out', path, force })
const said = async (...request: Parameters<typeof writeOutput>): Promise<string> => {
  const failure = await writeOutput(...request)
  return failure === null ? '' : renderFailure(failure)
}

test('a file that is there is replaced only by force', async () => {
  const folder = makeTemporaryFolder('laperm-output-')
  const path = join(folder, 'rows.csv')
  expect(await said(place(path), ['one', Buffer.from('two')])).toBe('')
  expect(readFileSync(path, 'utf8')).toBe('onetwo')
  expect(await said(place(path), ['three'])).toBe(
    `${path} is there already. Name another file with --out, or replace it with --force.`,
  )
  expect(readFileSync(path, 'utf8')).toBe('onetwo')
  expect(await said(place(path, true), ['three'])).toBe('')
  expect(readFileSync(path, 'utf8')).toBe('three')
  expect(readdirSync(folder)).toEqual(['rows.csv'])
})

test('of two that write one file at once, one is refused and nothing is left behind', async () => {
  const folder = makeTemporaryFolder('laperm-output-')
  const path = join(folder, 'rows.csv')
  function* slowly() {
    yield 'slow'
    writeFileSync(path, 'quick')
  }
  expect(await said(place(path), slowly())).toMatch(/is there already/)
  expect(readFileSync(path, 'utf8')).toBe('quick')
  expect(readdirSync(folder)).toEqual(['rows.csv'])
})

test('by force, what a link leads to is replaced', async () => {
  const folder = makeTemporaryFolder('laperm-output-')
  writeFileSync(join(folder, 'target'), 'old')
  symlinkSync('target', join(folder, 'link'))
  expect(await said(place(join(folder, 'link'), true), ['new'])).toBe('')
  expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('new')
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
})

test('a device is written into, with force as well', async () => {
  for (const force of [false, true]) expect(await said(place('/dev/null', force), ['gone'])).toBe('')
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
})

test('a place that takes nothing is named as it was given', async () => {
  const folder = makeTemporaryFolder('laperm-output-')
  mkdirSync(join(folder, 'directory'))
  writeFileSync(join(folder, 'file'), '')
  expect(await said(place(join(folder, 'directory'), true), [''])).toMatch(
    /is a directory\. Name a file in it\.$/,
  )
  for (const path of [join(folder, 'nowhere', 'x'), join(folder, 'file', 'x'), `${folder}/nul\0`]) {
    const message = await said(place(path), [''])
    expect(message).toContain(`--out ${path} cannot be written: `)
    expect(message).toMatch(/Name a file in a directory that is there and takes it, with free space\.$/)
    expect(message).not.toContain('.tmp')
  }
})

test('a name of another kind of file is refused, one that says nothing is not', () => {
  expect(endingProblem(place('rows.json'), '.csv')).toMatchObject({
    message: '--out rows.json ends in .json, but .csv is written. Name a file that ends in .csv.',
  })
  for (const path of ['rows.csv', 'ROWS.CSV', 'rows', 'rows.txt', '/dev/stdout', 'my.v2'])
    expect(endingProblem(place(path), '.csv')).toBeNull()
})
