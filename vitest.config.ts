import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Tests import the sources (`@laperm/source` export condition), never a stale `dist`.
const conditions = ['@laperm/source']
// Property tests draw the same cases on every run, so that a red run means the change: `LAPERM_SEED=random npm test` draws others.
const fixedSeed = [fileURLToPath(new URL('test/property-seed.ts', import.meta.url))]

const project = (name: string, root: string) => ({
  extends: true as const,
  test: { name, root, include: ['test/**/*.test.ts'], exclude: ['**/*.browser.test.ts'] },
})

// These drive a real Chromium or Dawn: everything in one process at a time, since software rendering takes every core.
const deviceProject = (name: string, root: string) => ({
  extends: true as const,
  test: {
    name,
    root,
    include: ['test/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    setupFiles: fixedSeed,
    projects: [
      project('core', 'packages/core'),
      project('conformance', 'packages/conformance'),
      {
        extends: true,
        test: {
          ...project('tfjs', 'packages/tfjs').test,
          exclude: ['test/mnist-epoch/**'],
        },
      },
      {
        extends: true,
        test: {
          ...deviceProject('tfjs-epoch', 'packages/tfjs').test,
          include: ['test/mnist-epoch/**/*.test.ts'],
        },
      },
      project('benchmarks', 'benchmarks'),
      project('backend-node', 'packages/backend-node'),
      // A pool's threads too run `dist`.
      {
        extends: true,
        test: {
          ...project('backend-wasm', 'packages/backend-wasm').test,
          exclude: [],
          globalSetup: 'test/build-dist.ts',
        },
      },
      project('models', 'packages/models'),
      project('engine', 'packages/engine'),
      project('formats', 'packages/formats'),
      // Its batch worker is a thread of plain Node, which runs `dist`: built first, so that it is never stale.
      {
        extends: true,
        test: { ...project('data', 'packages/data').test, globalSetup: 'test/build-dist.ts' },
      },
      // Its worker too.
      {
        extends: true,
        test: {
          ...project('engine-onnx', 'packages/engine-onnx').test,
          globalSetup: 'test/setup/build-worker.ts',
        },
      },
      {
        extends: true,
        test: { ...project('train', 'packages/train').test, globalSetup: 'test/build-engine.ts' },
      },
      project('runs', 'packages/runs'),
      // Programs of plain Node on built packages.
      {
        extends: true,
        test: { ...project('examples', 'examples').test, globalSetup: 'test/build-dist.ts' },
      },
      { extends: true, test: { ...project('cli', 'apps/cli').test, globalSetup: 'test/build.ts' } },
      // Drives Chromium and Dawn; compared with engine-onnx, whose worker runs `dist`.
      {
        extends: true,
        test: {
          ...deviceProject('engine-tfjs', 'packages/engine-tfjs').test,
          globalSetup: 'test/build-dist.ts',
        },
      },
      // One build of the site for all its tests.
      {
        extends: true,
        test: { ...deviceProject('demo', 'apps/demo').test, globalSetup: 'test/build-site.ts' },
      },
      deviceProject('backend-webgl', 'packages/backend-webgl'),
      deviceProject('backend-webgpu', 'packages/backend-webgpu'),
    ],
  },
})
