/**
 * Keeps the site for the time without a network. Files with a hash in their name never change: cache first. The page itself: network
 * first, so that a new version arrives, and the kept one when there is no network.
 */
const name = 'laperm-__VERSION__'
const files = __FILES__
const rest = __REST__

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(files)))
})

/** One after the other, quietly: what is being done on the page comes first. */
const keepRest = async () => {
  const cache = await caches.open(name)
  for (const file of rest) if ((await cache.match(file)) === undefined) await cache.add(file)
}

self.addEventListener('message', (event) => {
  if (event.data === 'keep the rest') event.waitUntil(keepRest())
})

self.addEventListener('activate', (event) => {
  const others = async () => {
    for (const key of await caches.keys())
      if (key.startsWith('laperm-') && key !== name) await caches.delete(key)
    await self.clients.claim()
  }
  event.waitUntil(others())
})

const keep = async (request, response) => {
  if (response.ok) await (await caches.open(name)).put(request, response.clone())
  return response
}

const networkFirst = async (request) => {
  try {
    return await keep(request, await fetch(request))
  } catch (error) {
    const kept = (await caches.match(request, { ignoreSearch: true })) ?? (await caches.match('./'))
    if (kept === undefined) throw error
    return kept
  }
}

const cacheFirst = async (request) => (await caches.match(request)) ?? keep(request, await fetch(request))

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return
  event.respondWith(request.mode === 'navigate' ? networkFirst(request) : cacheFirst(request))
})
