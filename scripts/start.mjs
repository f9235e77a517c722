/**
 * `npm start`: install and build what the command line needs, and train a network by reconnecting its weights, offline, on digits that the package draws itself.
 * Arguments go to `laperm train`: `npm start -- conv7 --epochs 1`.
 */
import { root } from './packages.mjs'
import { buildCommandLine, installForCommandLine, run } from './setup.mjs'

installForCommandLine()
buildCommandLine()

/** F2 from random weights: the paper's headline. `laperm train f2` alone is its harder case, one shared value and mostly zeros. */
const first = ['f2', '--init', 'he-uniform', '--sparsity', '0', '--sync-period', '20', '--epochs', '10']
const given = process.argv.slice(2)
const command = ['train', ...(given.length > 0 ? given : first)]
console.log(`\n$ npx laperm ${command.join(' ')}\n`)
run(process.execPath, [`${root}/apps/cli/bin/laperm.js`, ...command])
