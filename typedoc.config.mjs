/** `npm run docs`: every entry of every published package, and an error for each export without a docstring. */
import { entriesOf, publicPackages, root } from './scripts/packages.mjs'

const documented = publicPackages.filter((workspace) => entriesOf(workspace).length > 0)

/** Gives each package its own entry points: a package's options are read with its directory as `cwd`. */
const entriesOfExports = (app) =>
  app.options.addReader({
    name: 'entries-of-exports',
    order: 1000,
    supportsPackages: true,
    read: (options, _logger, cwd) => {
      const workspace = documented.find(({ directory }) => directory === cwd)
      if (workspace === undefined) return
      const sources = entriesOf(workspace).map(({ source }) => source)
      options.setValue('entryPoints', sources, cwd)
    },
  })

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'LaPerm',
  plugin: [entriesOfExports],
  entryPointStrategy: 'packages',
  entryPoints: documented.map(({ directory }) => directory),
  packageOptions: {
    requiredToBeDocumented: ['Function', 'Variable', 'Interface', 'TypeAlias', 'Class'],
    validation: { notExported: false, invalidLink: true, notDocumented: true, invalidPath: false },
    disableSources: true,
  },
  out: `${root}/node_modules/.cache/docs`,
  treatValidationWarningsAsErrors: true,
  readme: 'none',
  highlightLanguages: ['bash', 'console', 'css', 'html', 'javascript', 'json', 'python', 'sh', 'typescript'],
  logLevel: 'Warn',
  validation: { invalidPath: false },
}
