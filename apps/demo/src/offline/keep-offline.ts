/** Register the service worker of the built site, which keeps what was loaded for the time without a network. */

/** When everything else that the page offers is fetched to be kept. */
const restAfterMs = 30_000

/** Not where the visitor's connection is to be spared. */
const keepRest = async (): Promise<void> => {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } }
  if (connection?.saveData === true) return
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage('keep the rest')
}

/** In development there is none: it would keep old code. Where the browser has no service workers the page works all the same, online. */
export const keepOffline = (): void => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  window.addEventListener('load', () => {
    setTimeout(() => void keepRest(), restAfterMs)
    navigator.serviceWorker.register('./service-worker.js').catch((error: unknown) => {
      console.warn(
        `The page will not work offline: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
  })
}
