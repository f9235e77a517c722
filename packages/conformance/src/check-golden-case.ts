/**
 * One golden case on one backend: sort, rank, permute and synchronize, bit for bit.
 */
import type { Backend } from '@laperm/core'
import { withBanks } from './banks.ts'
import type { GoldenCase } from './golden-case.ts'
import { compareBits, type Verdict } from './law.ts'

const SMALLEST_NORMAL = 2 ** -126
const isSubnormal = (value: number): boolean => value !== 0 && Math.abs(value) < SMALLEST_NORMAL

/** Whether a golden case holds a subnormal weight. */
export const hasSubnormals = ({ theta0, thetaT }: GoldenCase): boolean =>
  theta0.values.some(isSubnormal) || thetaT.values.some(isSubnormal)

/** Check one golden case; the breach names the operation in front of the bits. */
export const checkGoldenCase = <Bank>(backend: Backend<Bank>, golden: GoldenCase): Promise<Verdict> =>
  withBanks(backend, async ({ upload, download, sort, rank, permute, sync }) => {
    const thetaT = upload(golden.thetaT)
    const sorted = sort(upload(golden.theta0))
    const ranks = rank(thetaT)
    const results = [
      ['sort', sorted, golden.sorted],
      ['rank', ranks, golden.ranks],
      ['permute', permute(sorted, ranks), golden.synchronized],
      ['sync', sync(sorted, thetaT), golden.synchronized],
    ] as const
    for (const [operation, bank, expected] of results) {
      const verdict = compareBits(await download(bank), expected)
      if (typeof verdict !== 'string')
        return { ...verdict, expected: `${operation} gives ${verdict.expected}` }
    }
    return 'holds'
  })
