/**
 * The TensorFlow runtime for tests: there, or said aloud to be missing.
 */

import { makeNodeBackend, type TensorFlowBackend } from '@laperm/backend-node'
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'

// TensorFlow's start-up notes would drown the report.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'

/** The backend, or undefined where TensorFlow is not set up. Fails where `LAPERM_REQUIRE` names `tensorflow`. */
export const nodeBackend = async (): Promise<TensorFlowBackend | undefined> => {
  const made = await makeNodeBackend()()
  if (E.isRight(made)) return made.right
  const message = `TensorFlow's runtime is missing, its tests are SKIPPED. ${renderError(made.left)}`
  if ((process.env['LAPERM_REQUIRE'] ?? '').split(',').includes('tensorflow')) throw new Error(message)
  console.warn(message)
  return undefined
}
