/** Finds a redis-server for the tests of the queue; on Debian as root it installs the `redis-server` package where none is found. */
import { spawnSync } from 'node:child_process'
import { apt, canInstall } from './chromium.mjs'

/** Whether `redis-server` can be run. */
export const hasRedis = () => spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0

/** Installs redis-server where there is none and this is Debian as root; elsewhere says what to do. */
export const ensureRedis = () => {
  if (hasRedis()) return
  if (!canInstall()) {
    console.warn(
      'No redis-server was found, so tests of the queue on Redis cannot run. Install Redis 6.2 or newer.',
    )
    return
  }
  console.log('No redis-server was found: installing the Debian package redis-server (apt-get) ...')
  if (!apt('update', '-q') || !apt('install', '-y', '-q', '--no-install-recommends', 'redis-server'))
    console.warn('apt-get could not install redis-server. Install it by hand.')
}
