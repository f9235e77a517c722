/** Damaged claims of runs in a store: each is refused by its field, or is what it was. Short here; `npm run test:fuzz` draws 10,000. */
import { makeRandom } from '@laperm/core'
import { renderCorruptFile } from '@laperm/formats'
import { openDirectoryStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { fuzzRounds, fuzzTimeoutMs } from '../../../test/fuzz-rounds.ts'
import { damageBytes, damageJson } from '../../../test/mutations.ts'
import { type ClaimFile, claimBytes, parseClaim } from '../src/store/claim-file.ts'
import { takeClaim } from '../src/store/store-claim.ts'
import { makeDirectory, must } from './fixture-runs.ts'

const rounds = Math.min(10_000, fuzzRounds(500))
const claim: ClaimFile = {
  state: 'held',
  token: '7d3f5d0e-6b5c-4c57-9d1f-3f3c0e8e7a55',
  host: 'a-machine',
  pid: 4711,
  started: '123456 boot',
  since: '2020-12-06T12:00:00.000Z',
  renewals: 7,
  leaseMs: 60_000,
  step: 1200,
}

test(
  'a damaged claim is refused by its field, or is what it was',
  () => {
    let refused = 0
    for (let round = 0; round < rounds; round++) {
      const damage = round % 2 === 0 ? damageJson : damageBytes
      const parsed = parseClaim('claim.json', damage(claimBytes(claim), makeRandom(1, 'fuzz/claim', round)))
      if (E.isRight(parsed)) expect(parsed.right, `round ${round}`).toEqual(claim)
      else {
        refused++
        expect(renderCorruptFile(parsed.left), `round ${round}`).toMatch(
          /^claim\.json: expected .{1,600}, found .{1,600}$/s,
        )
      }
    }
    console.log(`claim.json: ${rounds} mutations, ${refused} refused, ${rounds - refused} the same claim`)
    expect(refused).toBeGreaterThan(0.9 * rounds)
  },
  fuzzTimeoutMs(rounds),
)

test('a damaged claim holds a run for its lease, and says what is damaged; then it is taken', async () => {
  const store = openDirectoryStore(makeDirectory())
  const damaged = claimBytes(claim).map((byte) => (byte === 0x37 ? 0x38 : byte))
  must(await store.write('run/claim.json', damaged, { kind: 'absent' })())
  const held = await takeClaim(store, 'run', 60_000)
  if (E.isRight(held) || held.left._tag !== 'RunUnavailable') throw new Error('it must be held')
  expect(held.left.reason).toMatch(/its claim is damaged.*run\/claim\.json: expected [0-9a-f]{16} as check/)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const taken = must(await takeClaim(store, 'run', 20))
  must(await taken.release())
})
