import { defaultClientConditions, defineConfig } from 'vite'
import { serviceWorkerPlugin } from './build/service-worker-plugin.ts'

export default defineConfig({
  // Relative addresses: the page works from any static host and any sub-path.
  base: './',
  // Built from the workspace's sources, never from a stale `dist`.
  resolve: { conditions: ['@laperm/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  plugins: [serviceWorkerPlugin()],
  build: { target: 'es2023', reportCompressedSize: true, assetsInlineLimit: 0 },
})
