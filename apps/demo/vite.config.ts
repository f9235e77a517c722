import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  // Relative addresses: the page works from any static host and any sub-path.
  base: './',
  // Built from the workspace's sources, never from a stale `dist`.
  resolve: { conditions: ['@laperm/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: { target: 'es2023', reportCompressedSize: true },
})
