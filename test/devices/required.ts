/**
 * What a machine may lack, and what happens then: said out loud and counted as skipped, or a failure where `LAPERM_REQUIRE` names it.
 */

/** Something outside this repository that tests need. */
export type Environment =
  | 'chromium'
  | 'firefox'
  | 'webgl'
  | 'webgpu'
  | 'dawn'
  | 'tensorflow'
  | 'python'
  | 'tensorboard'
  | 'safetensors'
  | 'numpy'
  | 'keras'
  | 'redis'
  | 's3'
  | 'tmpfs'
  | 'root'
  | 'hosts'
  | 'pty'

/** Whether `LAPERM_REQUIRE` (names separated by commas) says that this must be here. */
export const isRequired = (environment: Environment): boolean =>
  (process.env['LAPERM_REQUIRE'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .includes(environment)

/**
 * Say that something is missing.
 *
 * @throws Error where `LAPERM_REQUIRE` names it.
 */
export const reportMissing = (environment: Environment, reason: string): void => {
  if (isRequired(environment))
    throw new Error(`LAPERM_REQUIRE names ${environment}, which cannot run here: ${reason}`)
  console.warn(`SKIPPED: tests that need ${environment} do not run here: ${reason}`)
}
