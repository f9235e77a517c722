/** Both ways of doing convolutions: every test of images runs in each. */
import { loadOnnxRuntime } from '../../src/runtime/load-onnxruntime.ts'
import { probeConvolutions } from '../../src/runtime/probe-convolutions.ts'

export interface ConvolutionForm {
  readonly form: 'standard' | 'NCHWc'
  readonly block: number | undefined
}

const probe = await probeConvolutions(await loadOnnxRuntime())

if (probe.kind === 'standard') {
  const isRequired = (process.env['LAPERM_REQUIRE'] ?? '').split(',').includes('nchwc')
  if (isRequired) throw new Error(`LAPERM_REQUIRE names nchwc, but: ${probe.reason}`)
  console.warn(`SKIPPED in this file: every test of NCHWc convolutions. ${probe.reason}`)
}

/** The standard form, and the blocked one where this processor has it. */
export const convolutionForms: readonly ConvolutionForm[] = [
  { form: 'standard', block: undefined },
  ...(probe.kind === 'nchwc' ? [{ form: 'NCHWc' as const, block: probe.block }] : []),
]
