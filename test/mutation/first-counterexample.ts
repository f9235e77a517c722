/** For mutation testing: fewer cases a property, and none is made smaller. A mutant dies of any counterexample. */
import fc from 'fast-check'

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true, numRuns: 40 })
