/** Tables of what each contender has, where Lookahead may not take part. */
import { type ContenderName, contenderNames, type RunSettings } from './run-settings.ts'

/** Something for each contender that takes part. */
export type PerContender<A> = Readonly<Record<Exclude<ContenderName, 'lookahead'>, A>> & {
  readonly lookahead?: A
}

/** Who takes part: Lookahead where it is asked for. */
export const contendersOf = ({ lookahead }: Pick<RunSettings, 'lookahead'>): readonly ContenderName[] =>
  contenderNames.filter((name) => name !== 'lookahead' || lookahead)

/** The entries of those who take part, in the order of pages and charts. */
export const entriesOf = <A>(table: PerContender<A>): readonly (readonly [ContenderName, A])[] =>
  contenderNames.flatMap((name) => {
    const entry = table[name]
    return entry === undefined ? [] : [[name, entry] as const]
  })

/** A table whose entries are made of another's. */
export const mapEntries = <A, B>(
  { laperm, adam, lookahead }: PerContender<A>,
  change: (entry: A, name: ContenderName) => B,
): PerContender<B> => ({
  laperm: change(laperm, 'laperm'),
  adam: change(adam, 'adam'),
  ...(lookahead === undefined ? {} : { lookahead: change(lookahead, 'lookahead') }),
})
