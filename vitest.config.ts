import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { workspaces } from './scripts/packages.mjs'
import { isHardwareWanted } from './test/devices/hardware.ts'
import { LongestFirst } from './test/longest-first.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

// Tests import the sources (`@laperm/source` export condition), never a stale `dist`.
const conditions = ['@laperm/source']
// Property tests draw the same cases on every run, so that a red run means the change: `LAPERM_SEED=random npm test` draws others.
const fixedSeed = [path('test/property-seed.ts')]

type TestOptions = NonNullable<TestProjectInlineConfiguration['test']>

// Workers, the command line and examples are plain Node, which runs `dist`: built before the tests, so that it is never stale.
const buildsDist: TestOptions = { globalSetup: path('test/build-dist.ts') }

// These drive a real Chromium or Dawn. A machine has one GPU, which one file at a time may fill; software rendering shares cores as all else does.
const drivesDevice: TestOptions = {
  ...(isHardwareWanted() ? { fileParallelism: false } : {}),
  testTimeout: 600_000,
  hookTimeout: 600_000,
}

/** What a workspace's tests need beyond what every workspace's do, by folder. */
const needs: Readonly<Record<string, TestOptions>> = {
  'packages/tfjs': { exclude: ['test/mnist-epoch/**'] },
  'packages/backend-wasm': buildsDist,
  'packages/backend-webgl': drivesDevice,
  'packages/backend-webgpu': drivesDevice,
  // Tests of queues that break their laws wait for leases, all at once.
  'packages/conformance': { maxConcurrency: 20 },
  'packages/data': buildsDist,
  'packages/formats': buildsDist,
  'packages/engine-onnx': buildsDist,
  'packages/engine-tfjs': { ...drivesDevice, ...buildsDist },
  'packages/train': buildsDist,
  'packages/runs': buildsDist,
  'apps/cli': buildsDist,
  // One build of the site for all its tests.
  'apps/demo': { ...drivesDevice, globalSetup: 'test/build-site.ts' },
  examples: buildsDist,
}

/** A project for every workspace that has tests, named after its folder: `npm test -- --project core`. */
const projects = workspaces
  .filter(({ directory }) => existsSync(`${directory}/test`))
  .map(({ folder }) => ({
    extends: true as const,
    test: {
      name: folder.split('/').at(-1) ?? folder,
      root: folder,
      include: ['test/**/*.test.ts'],
      ...needs[folder],
    },
  }))

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // What starts processes shares the cores with other files.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: fixedSeed,
    coverage: {
      include: ['packages/*/src/**/*.ts', 'apps/cli/src/**/*.ts'],
      reporter: ['text', 'json-summary'],
    },
    // Many tests wait for processes, leases and browsers: one more than there are cores keeps these busy.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      ...projects,
      // An epoch of MNIST on every tfjs backend, apart from the quick tests of the same package.
      {
        extends: true,
        test: {
          name: 'tfjs-epoch',
          root: 'packages/tfjs',
          include: ['test/mnist-epoch/**/*.test.ts'],
          ...drivesDevice,
        },
      },
    ],
  },
})
