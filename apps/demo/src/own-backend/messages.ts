/**
 * What the page and the worker that runs a visitor's backend say to each other. That worker runs foreign code, which can post whatever it likes: the page
 * parses what comes from there.
 */
import { amount, isRecord, readFields, type SettingRule, text, truth } from '@laperm/core/settings'
import { either as E } from 'fp-ts'

/** From the page: a module's text, or where it is. */
export interface OwnBackendRequest {
  readonly source: { readonly text: string } | { readonly address: string }
  readonly trials: number
  /** Weights of the longest vector. */
  readonly maxLength: number
}

export type OwnBackendMessage =
  | { readonly kind: 'found'; readonly name: string; readonly device: string }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'checked'
      readonly passed: boolean
      readonly cases: number
      /** The whole report, for people. */
      readonly report: string
    }
  | { readonly kind: 'refused'; readonly reason: string }

/** A report has a few thousand characters; a page that shows millions stands still. */
const mostCharacters = 100_000

const shownText: SettingRule<string> = {
  says: `text of at most ${mostCharacters} characters`,
  holds: (value): value is string => text.holds(value) && value.length <= mostCharacters,
}

type Kind = OwnBackendMessage['kind']
type FieldsOf<K extends Kind> = Omit<Extract<OwnBackendMessage, { readonly kind: K }>, 'kind'>

const rules: {
  readonly [K in Kind]: { readonly [Field in keyof FieldsOf<K>]: SettingRule<FieldsOf<K>[Field]> }
} = {
  found: { name: shownText, device: shownText },
  progress: { done: amount, total: amount },
  checked: { passed: truth, cases: amount, report: shownText },
  refused: { reason: shownText },
}

const foreign = 'The module has sent the page a message of its own, which is none of a check'

/** @returns `Left` with why it is none of the check's messages, in a sentence. */
export const parseOwnBackendMessage = (value: unknown): E.Either<string, OwnBackendMessage> => {
  if (!isRecord(value)) return E.left(`${foreign}.`)
  const named = <K extends Kind>(kind: K) =>
    E.bimap(
      ({ field, says }: { readonly field: string; readonly says: string }) =>
        `${foreign}: its ${field} must be ${says}.`,
      (fields: FieldsOf<K>) => ({ kind, ...fields }),
    )(readFields<FieldsOf<K>>(value, rules[kind]))
  switch (value.kind) {
    case 'found':
      return named('found')
    case 'progress':
      return named('progress')
    case 'checked':
      return named('checked')
    case 'refused':
      return named('refused')
    default:
      return E.left(`${foreign}.`)
  }
}
