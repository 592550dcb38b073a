import { readFileSync } from 'node:fs';
import { type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import traits from '../traits.json' with { type: 'json' };
import { answersTable } from './answers.ts';

describe('README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  it('has the table of what the estimators promise, as the conformance checks are run with', () => {
    expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
  });

  it('has the table of what becomes of unusual input, which no estimator answers with a silent infinity', () => {
    expect(answersTable()).not.toContain('Infinity,');
    expect(readme).toContain(answersTable());
  });
});
