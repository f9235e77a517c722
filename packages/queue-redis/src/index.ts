/** The queue of jobs on Redis: one for any number of machines. Node only. */
export { parseRedisUrl, type RedisEndpoint, withoutSecrets } from './redis-endpoint.ts'
export { neutralRedisRemedies, type RedisRemedies } from './redis-problem.ts'
export { openRedisQueue, type RedisQueueOptions } from './redis-queue.ts'
