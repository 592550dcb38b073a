/** The vitest settings of every package: sources instead of `dist`, and a JSON report that the counter of tests reads. */
import { defineConfig } from 'vitest/config';

const conditions = ['source', 'module', 'node', 'development|production'];

/** @param {import('vitest/config').ViteUserConfig} [overrides] */
export function packageConfig(overrides = {}) {
  const { test, ...rest } = overrides;
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    ...rest,
    test: {
      include: ['test/**/*.test.ts'],
      reporters: ['default', 'json'],
      outputFile: { json: '.test/results.json' },
      testTimeout: 60_000,
      ...test,
    },
  });
}
