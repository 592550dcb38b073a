import { packageConfig } from '@maru-ml/tooling/vitest';

// A training of some seconds may take a minute on a busy machine.
export default packageConfig({ test: { testTimeout: 180_000, hookTimeout: 180_000 } });
