import { defaultClientConditions, defineConfig } from 'vite'
import { projectLinksPlugin } from './build/project-links.ts'
import { serviceWorkerPlugin } from './build/service-worker-plugin.ts'

export default defineConfig({
  // Relative addresses: the page works from any static host and any sub-path.
  base: './',
  // Built from the workspace's sources, never from a stale `dist`.
  resolve: { conditions: ['@laperm/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  // Found before the first visit: what a worker imports later would reload the page in the middle of a run.
  optimizeDeps: {
    entries: ['index.html', 'src/*/*-worker.ts'],
    // The engine names it by its package's `imports`, which the search does not follow.
    include: ['@tensorflow/tfjs-core/dist/register_all_gradients.js'],
  },
  plugins: [projectLinksPlugin(), serviceWorkerPlugin()],
  build: { target: 'es2023', reportCompressedSize: true, assetsInlineLimit: 0 },
})
