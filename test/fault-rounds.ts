const { LAPERM_FAULT_ROUNDS: asked, LAPERM_FAULT_SEED: seed = '1' } = process.env

/** How many faults a test makes: a few in `npm test`, as many as `LAPERM_FAULT_ROUNDS` says in `npm run test:faults`. */
export const faultRounds = (short: number): number => (asked === undefined ? short : Number(asked))

/** Decides which moments are drawn; at which step of a run they come is the machine's affair. */
export const faultSeed = Number(seed)

/** Time for that many rounds of several processes each, beside other work: it ends a hang, and judges no speed. */
export const faultTimeoutMs = (rounds: number): number => 300_000 + 90_000 * rounds
