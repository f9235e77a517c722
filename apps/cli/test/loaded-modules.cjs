/** Required by a process before all else: says at its end which libraries of the queue and the store were loaded. */
process.on('exit', () => {
  const loaded = ['bullmq', 'ioredis', '@aws-sdk'].filter((name) =>
    Object.keys(require.cache).some((path) => path.includes(`/node_modules/${name}/`)),
  )
  require('node:fs').writeSync(2, `loaded: ${loaded.join(' ') || 'nothing'}\n`)
})
