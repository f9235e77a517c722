/** Register the service worker of the built site, which keeps what was loaded for the time without a network. */

/** In development there is none: it would keep old code. Where the browser has no service workers the page works all the same, online. */
export const keepOffline = (): void => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('./service-worker.js').catch((error: unknown) => {
      console.warn(
        `The page will not work offline: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
  })
}
