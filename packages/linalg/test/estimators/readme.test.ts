import { readFileSync } from 'node:fs';
import { type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import { expect, it } from 'vitest';
import traits from '../../traits.json' with { type: 'json' };

it('the README has the table of what the estimators promise, as the conformance checks are run with', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(traitsTable(traits as unknown as Record<string, Traits>));
});
