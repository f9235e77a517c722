/**
 * One browser module from TypeScript sources: what a page of a test runs.
 */
import { dirname } from 'node:path'
import { build, defaultClientConditions } from 'vite'

/**
 * Bundle a test's page from the workspace's sources (never from `dist`).
 *
 * @param entry absolute path of the module that the page loads.
 * @returns the text of one ES module.
 */
export const bundle = async (entry: string): Promise<string> => {
  const built = await build({
    configFile: false,
    root: dirname(entry),
    logLevel: 'error',
    resolve: { conditions: ['@laperm/source', ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: entry, output: { codeSplitting: false, format: 'es' } },
    },
  })
  if (!('output' in built)) throw new Error(`${entry} was not built in one piece`)
  const [chunk, ...rest] = built.output
  if (rest.length > 0) throw new Error(`${entry} was built in ${rest.length + 1} pieces, a page loads one`)
  return chunk.code
}
