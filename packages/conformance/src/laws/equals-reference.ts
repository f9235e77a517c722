/**
 * The backend gives the reference's bits: each of the four operations, and the way there and back.
 */
import { withBanks } from '../banks.ts'
import { compareBits, type Law } from '../law.ts'

export const keepsBits: Law = {
  name: 'upload and download keep the bits',
  check: (backend, { w }) =>
    withBanks(backend, async ({ upload, download }) => compareBits(await download(upload(w)), w)),
}

export const sortEqualsReference: Law = {
  name: 'sort equals the reference',
  check: (backend, { w, expected }) =>
    withBanks(backend, async ({ upload, download, sort }) =>
      compareBits(await download(sort(upload(w))), expected.sort()),
    ),
}

export const rankEqualsReference: Law = {
  name: 'rank equals the reference',
  check: (backend, { w, expected }) =>
    withBanks(backend, async ({ upload, download, rank }) =>
      compareBits(await download(rank(upload(w))), expected.rank()),
    ),
}

export const permuteEqualsReference: Law = {
  name: 'permute equals the reference',
  check: (backend, { sorted, w, expected }) =>
    withBanks(backend, async ({ upload, download, permute, rank }) =>
      // Ranks of the backend's own making: a bank of ranks is its business. Whether they are right is another law's.
      compareBits(await download(permute(upload(sorted), rank(upload(w)))), expected.sync()),
    ),
}

export const syncEqualsReference: Law = {
  name: 'sync equals the reference',
  check: (backend, { sorted, w, expected }) =>
    withBanks(backend, async ({ upload, download, sync }) =>
      compareBits(await download(sync(upload(sorted), upload(w))), expected.sync()),
    ),
}
