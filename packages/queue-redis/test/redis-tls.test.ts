import { describe, expect, onTestFinished, test } from 'vitest'
import { canSign, makeAuthority } from '../../../test/devices/certificates.ts'
import { hasRedis, type RedisServer, startRedis, startTlsRedis } from '../../../test/devices/redis.ts'
import { claimOf, jobs, must, openQueue, tryQueue, wordsOf } from './fixture-queues.ts'

const serverOf = async (starting: Promise<RedisServer>): Promise<RedisServer> => {
  const server = await starting
  onTestFinished(() => server.stop())
  return server
}

describe.runIf(hasRedis && canSign)('an encrypted queue', () => {
  const host = 'IP:127.0.0.1'

  test('is used where its certificate is of the authority that was named', async () => {
    const authority = makeAuthority()
    const { url } = await serverOf(startTlsRedis(authority.sign(host), authority.path))
    const queue = await openQueue(url, { authority: authority.pem })
    must(await queue.add(jobs('a'))())
    const claim = await claimOf(queue)
    expect(must(await claim.finish('finished')())).toBe('held')
  })

  test.each(['no authority', 'another authority'])('is refused with %s', async (named) => {
    const authority = makeAuthority()
    const { url } = await serverOf(startTlsRedis(authority.sign(host), authority.path))
    const opened = await tryQueue(url, named === 'no authority' ? {} : { authority: makeAuthority().pem })
    expect(wordsOf(opened)).toMatch(
      /^Queue redis at 127\.0\.0\.1:\d+: its certificate is of an authority that is not trusted here \(.*Name the certificate of its authority in the option authority; that of another one means/,
    )
  })

  test('is refused where its certificate is of another host', async () => {
    const authority = makeAuthority()
    const { url } = await serverOf(startTlsRedis(authority.sign('DNS:elsewhere.example'), authority.path))
    expect(wordsOf(await tryQueue(url, { authority: authority.pem }))).toMatch(
      /its certificate is of another host .*Name the host as its certificate does/,
    )
  })

  test('is refused where the days of its certificate are over', async () => {
    const authority = makeAuthority()
    const { url } = await serverOf(startTlsRedis(authority.sign(host, -1), authority.path))
    expect(wordsOf(await tryQueue(url, { authority: authority.pem }))).toMatch(
      /its certificate is not valid today .*Renew it/,
    )
  })

  test('is refused where it wants a certificate of ours', async () => {
    const authority = makeAuthority()
    const { url } = await serverOf(
      startTlsRedis(authority.sign(host), authority.path, '--tls-auth-clients', 'yes'),
    )
    expect(wordsOf(await tryQueue(url, { authority: authority.pem }))).toMatch(
      /it closes the connection .*set tls-auth-clients to no there/,
    )
  })

  test('is not found by a URL without encryption, and an open one not by one with it', async () => {
    const authority = makeAuthority()
    const encrypted = await serverOf(startTlsRedis(authority.sign(host), authority.path))
    expect(wordsOf(await tryQueue(encrypted.url.replace('rediss', 'redis')))).toMatch(
      /it closes the connection .*Write rediss:\/\/ where Redis has TLS/,
    )
    const open = await serverOf(startRedis())
    const opened = await tryQueue(open.url.replace('redis:', 'rediss:'), { patienceMs: 1000 })
    expect(wordsOf(opened)).toMatch(/it does not answer .*Write redis:\/\/ where Redis has no TLS/)
  })
})
