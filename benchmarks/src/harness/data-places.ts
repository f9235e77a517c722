/** Where data sets are for a benchmark: the same places as for the command line. */
import envPaths from 'env-paths'

/** The data directory and the cache, from what was given and from the environment. */
export const dataPlaces = (
  dataDir: string | undefined,
): { readonly dataDir: string | undefined; readonly cacheDir: string } => ({
  dataDir: dataDir ?? process.env['LAPERM_DATA_DIR'],
  cacheDir: process.env['LAPERM_CACHE_DIR'] ?? envPaths('laperm', { suffix: '' }).cache,
})
