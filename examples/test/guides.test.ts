/** Every program in a guide runs, and prints what the guide says. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { testGuideExamples } from '../../test/run-readme-examples.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

describe.each(readdirSync(path('../../docs/guides')))('%s', (name) => {
  testGuideExamples(path(`../../docs/guides/${name}`), path(`../.cache/guides/${name}/`))
})
