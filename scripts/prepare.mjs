/** The locked dependencies and every package compiled: what lint, types and tests need, each only where it is missing or stale. */
import { compilePackages, installDependencies } from './setup.mjs'

installDependencies()
compilePackages()
