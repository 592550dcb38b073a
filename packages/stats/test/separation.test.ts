import { readFileSync } from 'node:fs';
import { DataError } from '@maru-ml/base';
import { describe, expect, it } from 'vitest';
import { GLM, Logit, MNLogit, Probit } from '../src/index.ts';

interface Case {
  kind: 'binary' | 'multi' | 'counts';
  x: number[][];
  y: number[];
  answer: 'complete' | 'quasi' | 'overlap';
}

const path = new URL('./fixtures/separation.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };

/** What the fit says of the data. */
function answerOf(fit: () => { converged: boolean; params: Float64Array; bse: Float64Array }): string {
  try {
    const { converged, params, bse } = fit();
    if (!converged || ![...params, ...bse].every(Number.isFinite)) return 'no answer';
    return 'overlap';
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    if (error.message.includes('separate the classes completely')) return 'complete';
    return error.message.includes('would grow without end') ? 'quasi' : error.message;
  }
}

describe('separation, as linear programs find it', () => {
  for (const [i, { kind, x, y, answer }] of cases.entries()) {
    it(`case ${i}, ${kind}: ${answer}`, () => {
      const came: Record<string, string> = {};
      if (kind === 'binary') {
        came.Logit = answerOf(() => new Logit().fit(x, y));
        came.Probit = answerOf(() => new Probit({ maxIter: 60 }).fit(x, y));
        for (const link of ['logit', 'probit', 'cloglog', 'loglog'] as const) {
          came[link] = answerOf(() => new GLM({ family: 'binomial', link }).fit(x, y));
        }
      } else if (kind === 'multi') came.MNLogit = answerOf(() => new MNLogit().fit(x, y));
      else {
        came.poisson = answerOf(() => new GLM({ family: 'poisson' }).fit(x, y));
        came.negativeBinomial = answerOf(() => new GLM({ family: 'negativeBinomial' }).fit(x, y));
      }
      expect(came).toEqual(Object.fromEntries(Object.keys(came).map((name) => [name, answer])));
    });
  }
});
