import { expect, test } from 'vitest'
import { neutralRedisRemedies, redisProblem } from '../src/redis-problem.ts'

test('an error of OpenSSL, whose message ends with a line break, is told in one line', () => {
  const refused = Object.assign(
    new Error('80DC:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:116\n'),
    { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
  )
  const problem = redisProblem({ name: 'redis at host:1', tls: true }, refused, null, neutralRedisRemedies)
  expect(problem?.reason).toMatch(/^it closes the connection \(80DC.*certificate required:116\)$/)
})
