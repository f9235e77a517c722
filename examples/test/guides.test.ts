/** Every program in a guide, and in READMEs that have no test of their own, runs and prints what is said there. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { testGuideExamples } from '../../test/run-readme-examples.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const guides = readdirSync(path('../../docs/guides')).map((name) => `docs/guides/${name}`)
const readmes = ['README.md', ...['models', 'queue', 'store'].map((name) => `packages/${name}/README.md`)]

describe.each([...guides, ...readmes])('%s', (document) => {
  testGuideExamples(path(`../../${document}`), path(`../.cache/guides/${document.replaceAll('/', '-')}/`))
})
