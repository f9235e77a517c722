/**
 * `npm run docs`: a site of the guides, of what was measured and decided, and of every entry of every published package; an error for each export without a
 * docstring.
 */
import { Converter } from 'typedoc'
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

/** Documents by the group that the navigation shows them in, in its order. Those of a folder are sorted by name. */
const documents = {
  Guides: [
    'tfjs-model',
    'train-and-reproduce',
    'write-a-backend',
    'write-an-engine',
    'profile-and-pack',
    'symbols',
  ].map((name) => `docs/guides/${name}.md`),
  'Command line, formats, scale': [
    'apps/cli/README.md',
    'docs/scaling.md',
    'docs/laperm-format.md',
    'docs/licences.md',
  ],
  Results: ['docs/results.md', 'docs/results/*.md'],
  Decisions: ['docs/decisions/*.md', 'docs/notes/*.md'],
}

const groupOf = (path) =>
  Object.keys(documents).find((group) =>
    documents[group].some((pattern) => path.startsWith(`${root}/${pattern.replace('*.md', '')}`)),
  )

/** Names each document by its heading, where typedoc takes the name of the file, and puts it into its group. */
const titlesOfDocuments = (app) =>
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const text = document.content.map((part) => part.text).join('')
    document.name = /^# (.*)/.exec(text)[1].replaceAll('`', '')
    document.frontmatter.group = groupOf(document.project.files.getReflectionPath(document))
  })

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'LaPerm',
  plugin: [entriesOfExports, titlesOfDocuments],
  entryPointStrategy: 'packages',
  entryPoints: documented.map(({ directory }) => directory),
  packageOptions: {
    requiredToBeDocumented: ['Function', 'Variable', 'Interface', 'TypeAlias', 'Class'],
    validation: { notExported: false, invalidLink: true, notDocumented: true, invalidPath: false },
    disableSources: true,
  },
  out: `${root}/node_modules/.cache/docs`,
  treatValidationWarningsAsErrors: true,
  readme: 'README.md',
  projectDocuments: Object.values(documents).flat(),
  customCss: 'docs/site.css',
  searchInDocuments: true,
  navigation: { includeGroups: true },
  headings: { readme: false },
  groupOrder: ['Guides', 'Command line, formats, scale', 'Modules', 'Results', 'Decisions'],
  highlightLanguages: [
    'bash',
    'bibtex',
    'console',
    'css',
    'html',
    'javascript',
    'json',
    'python',
    'sh',
    'typescript',
  ],
  logLevel: 'Warn',
  validation: { invalidPath: false },
}
