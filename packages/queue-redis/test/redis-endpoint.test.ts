import { renderQueueError } from '@laperm/queue'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { parseRedisUrl, withoutSecrets } from '../src/index.ts'
import { must } from './fixture-queues.ts'

describe("a queue's URL", () => {
  test.each([
    ['redis://host', 'redis at host:6379', { port: 6379, tls: false, password: null, username: null }],
    ['rediss://host:1/2', 'redis at host:1/2', { port: 1, tls: true, database: 2 }],
    ['redis://:p%40ss@host', 'redis at host:6379', { password: 'p@ss', username: null }],
    ['redis://me:pass@[::1]:7', 'redis at [::1]:7', { host: '::1', username: 'me', password: 'pass' }],
  ])('%s is read', (url, name, parts) => {
    expect(must(parseRedisUrl(url))).toMatchObject({ name, ...parts })
  })

  test('takes a password that is given apart', () => {
    expect(must(parseRedisUrl('redis://host', 'apart')).password).toBe('apart')
    expect(must(parseRedisUrl('redis://:inside@host', 'apart')).password).toBe('apart')
  })

  test.each([
    ['', /'': this is not a URL\. Write it as redis:\/\/host:6379\/0/],
    ['host:6379', /begins with redis:\/\/ or rediss:\/\/, not host:/],
    ['http://:hidden@host', /'http:\/\/\*\*\*@host': a queue's URL begins with redis/],
    ['redis://', /names no host/],
    ['redis://:hid@den@host:99999', /'redis:\/\/\*\*\*@host:99999': this is not a URL/],
    ['redis://:hidden', /'redis:\/\/\*\*\*': this is not a URL/],
    ['redis://me:hidden', /'redis:\/\/\*\*\*': this is not a URL/],
    ['redis:hidden:hidden', /'redis:\*\*\*': the URL names no host/],
    ['redis://host/runs', /only a database's number/],
    ['redis://host?password=hidden', /'redis:\/\/host': the URL takes nothing behind/],
    ['redis://:hidden%@host', /begins no escape/],
  ])('%s is refused in words without secrets', (url, words) => {
    const parsed = parseRedisUrl(url)
    const text = E.isLeft(parsed) ? renderQueueError(parsed.left) : 'taken'
    expect(text).toMatch(words)
    expect(text).not.toMatch(/hid/)
  })

  test('is shown without what stands before its last @', () => {
    expect(withoutSecrets('redis://me:pa@ss@host:1/2?x=secret')).toBe('redis://***@host:1/2')
  })
})
