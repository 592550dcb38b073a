import { packageConfig } from '@maru-ml/tooling/vitest';

export default packageConfig();
