/** A way to a server that can be broken as networks break. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Break all connections and refuse new ones, until {@link TcpProxy.mend}. */
  readonly cut: () => void
  /** Forward nothing and say nothing, as a network that is unplugged, until {@link TcpProxy.mend}. */
  readonly hold: () => void
  /** Forward nothing on the present connections for good, and tell neither end, as a router does that was started anew. */
  readonly forget: () => void
  /** Forward what is asked, but no answers, until {@link TcpProxy.mend}. */
  readonly muffle: () => void
  /** Forward what was held, and take connections. */
  readonly mend: () => void
  readonly close: () => void
}

/** Start a way to a port of this machine. */
export const startProxy = async (target: number): Promise<TcpProxy> => {
  const links = new Set<readonly [near: Socket, far: Socket]>()
  let state: 'open' | 'cut' | 'held' = 'open'
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy()
      return
    }
    const far = connect(target, '127.0.0.1')
    const link = [near, far] as const
    links.add(link)
    for (const [from, to] of [link, [far, near] as const]) {
      from.on('error', () => undefined)
      from.on('data', (bytes) => to.write(bytes))
      from.on('close', () => {
        links.delete(link)
        // A network that is unplugged carries no end either.
        if (state !== 'held') to.destroy()
      })
      if (state === 'held') from.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const forEachSocket = (act: (socket: Socket) => void): void => {
    for (const link of links) link.forEach(act)
  }
  const cut = (): void => {
    state = 'cut'
    forEachSocket((socket) => socket.destroy())
  }
  return {
    port: address.port,
    cut,
    hold: () => {
      state = 'held'
      forEachSocket((socket) => socket.pause())
    },
    forget: () => {
      forEachSocket((socket) => socket.pause())
      links.clear()
    },
    muffle: () => {
      for (const [, far] of links) far.pause()
    },
    mend: () => {
      state = 'open'
      forEachSocket((socket) => socket.resume())
    },
    close: () => {
      cut()
      server.close()
    },
  }
}
