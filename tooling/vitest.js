/** The vitest settings of every package: sources instead of `dist`, and a report that the counter of tests reads. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { CountingReporter } from './reporter.js';
import { tags } from './runtimes/settings.js';

const conditions = ['source', 'module', 'node', 'development|production'];

/** @param {import('vitest/config').ViteUserConfig} [overrides] */
export function packageConfig(overrides = {}) {
  const { test, ...rest } = overrides;
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    ...rest,
    test: {
      include: ['test/**/*.test.{ts,js}'],
      reporters: [['default', { summary: false }], new CountingReporter()],
      globalSetup: fileURLToPath(new URL('./fresh.js', import.meta.url)),
      setupFiles: ['./seed.js', ...(process.env.MARU_PARITY === '1' ? ['./parity/record.js'] : [])].map((file) =>
        fileURLToPath(new URL(file, import.meta.url)),
      ),
      testTimeout: 60_000,
      hookTimeout: 60_000,
      tags,
      ...test,
    },
  });
}
