const { LAPERM_FUZZ_ROUNDS: asked } = process.env

/** How many cases a fuzzer draws: a few in `npm test`, as many as `LAPERM_FUZZ_ROUNDS` says in `npm run test:fuzz`. */
export const fuzzRounds = (short: number): number => (asked === undefined ? short : Number(asked))

/** Time for that many cases beside other work: it ends a hang, and judges no speed. */
export const fuzzTimeoutMs = (rounds: number): number => 60_000 + 200 * rounds
