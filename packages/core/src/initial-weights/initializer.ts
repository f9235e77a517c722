/**
 * Initializers as data. `@laperm/core` turns them into float32 values: the same bits on every JavaScript engine.
 */
import type * as E from '../either.ts'
import { checkSpec, type KindRules } from '../settings/checks.ts'
import { type SettingError, settle } from '../settings/setting-problem.ts'
import { nonZeroWeight } from '../settings/setting-rule.ts'

/**
 * How a parameter's initial weights are drawn.
 *
 * - `heUniform`: uniform in ±sqrt(6 / fanIn); `heNormal`: normal with standard deviation sqrt(2 / fanIn), truncated at two.
 * - `glorotUniform`: uniform in ±sqrt(6 / (fanIn + fanOut)); `glorotNormal`: normal, sqrt(2 / (fanIn + fanOut)), truncated at two.
 * - `lecunUniform`: uniform in ±sqrt(3 / fanIn); `lecunNormal`: normal, sqrt(1 / fanIn), truncated at two.
 * - `sharedValue`: every weight is `value` (Section 5.5; only sparsity then gives reconnection something to do).
 * - `equidistant`: every weight vector holds the same equally spaced values over He's uniform range, shuffled per vector.
 * - `zeros`, `ones`.
 */
export type InitializerSpec =
  | {
      readonly kind:
        | 'heUniform'
        | 'heNormal'
        | 'glorotUniform'
        | 'glorotNormal'
        | 'lecunUniform'
        | 'lecunNormal'
    }
  | { readonly kind: 'sharedValue'; readonly value: number }
  | { readonly kind: 'equidistant' }
  | { readonly kind: 'zeros' | 'ones' }

/** The rule of each setting of each kind. */
export const initializerRules: KindRules<InitializerSpec> = {
  heUniform: {},
  heNormal: {},
  glorotUniform: {},
  glorotNormal: {},
  lecunUniform: {},
  lecunNormal: {},
  equidistant: {},
  sharedValue: { value: nonZeroWeight },
  zeros: {},
  ones: {},
}

/**
 * Check an initializer from outside.
 *
 * @param setting what it is called in errors.
 * @returns `Left` naming the first setting against its rule.
 */
export const checkInitializer = (
  value: unknown,
  setting = 'initializer',
): E.Either<SettingError, InitializerSpec> =>
  settle(() => checkSpec<InitializerSpec>(setting, value, initializerRules))
