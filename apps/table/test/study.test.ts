import { readFileSync } from 'node:fs';
import { parseCsv } from '@maru-ml/datasets';
import { PipelineModel, selectRows } from '@maru-ml/model-selection';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import type { Plan, Run } from '../src/calls.ts';
import { validate } from '../src/evaluate.ts';
import { MODELS } from '../src/menu.ts';
import { CLASSES } from '../src/models.ts';
import { MAKE_SAMPLE } from '../src/samples.ts';
import { type AnyModel, estimatorOf, foldsOf, studyOf } from '../src/study.ts';
import { isIdle, summarize, tasksFor } from '../src/summary.ts';

type Scores = { folds: string; scores: Record<string, [mean: number, std: number]> };
const reference = JSON.parse(readFileSync(new URL('./fixtures/scores.json', import.meta.url), 'utf8')) as {
  iris: Scores;
  diabetes: Scores;
};
const run: Run = { signal: new AbortController().signal, tell: () => {} };

describe('what is said of a table', () => {
  const columns = parseCsv('city,rooms,member,note\nSeoul,2,true,a\n,NA,false,b\nSeoul,4,true,c\n부산,4,true,d');
  const [city, rooms, member, note] = summarize(columns);

  it('kinds, missing and distinct values, figures and shapes, by hand', () => {
    expect(city).toMatchObject({ kind: 'string', rows: 4, missing: 1, distinct: 2, numbers: null, bins: [2, 1] });
    expect(city!.common).toEqual([
      ['Seoul', 2],
      ['부산', 1],
    ]);
    expect(rooms).toMatchObject({ kind: 'number', missing: 1, distinct: 2, whole: true });
    expect(rooms!.numbers).toEqual({ min: 2, mean: 10 / 3, median: 4, max: 4 });
    expect(rooms!.bins).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(member).toMatchObject({ kind: 'boolean', missing: 0, distinct: 2 });
  });

  it('what can be predicted, and what teaches nothing', () => {
    expect(tasksFor(city!)).toEqual(['classes']);
    expect(tasksFor(rooms!)).toEqual(['classes', 'number']);
    const all = Float64Array.from({ length: 60 }, (_, i) => i / 2);
    const [many, some] = summarize({ many: all, some: all.map((value) => Math.floor(value / 2)) });
    expect([tasksFor(many!), tasksFor(some!)]).toEqual([['number'], ['number', 'classes']]);
    const [same, ticket] = summarize({
      same: new Float64Array(30),
      ticket: Array.from({ length: 30 }, (_, i) => `no. ${i}`),
    });
    expect([isIdle(same!), isIdle(ticket!), isIdle(note!), isIdle(many!)]).toEqual([true, true, false, false]);
  });
});

describe('scores', () => {
  it.each([
    ['iris', 'classes', 'logistic'],
    ['diabetes', 'number', 'ridge'],
  ] as const)("are scikit-learn's in the same folds: %s", async (sample, task, model) => {
    const { columns, target } = MAKE_SAMPLE[sample]();
    const features = Object.keys(columns).filter((name) => name !== target);
    const plan: Plan = { target, task, features, model, value: 1 };
    const study = studyOf(columns, plan);
    const folds = new Array<number>(study.y.length);
    for (const [fold, { test }] of [...foldsOf(plan).split(study.x, study.y)].entries()) {
      for (const row of test) folds[row] = fold;
    }
    expect(folds.join('')).toBe(reference[sample].folds);
    const { testScores } = await validate(study, plan, run);
    const means = Object.values(testScores).map((values) => values.reduce((sum, value) => sum + value, 0) / 5);
    const wanted = Object.values(reference[sample].scores).map(([mean]) => mean);
    expectClose(means, wanted, { rtol: 1e-5 });
  });
});

describe('models', () => {
  const { columns } = MAKE_SAMPLE.apartments();
  const few = selectRows(
    columns,
    Int32Array.from({ length: 120 }, (_, i) => i),
  );

  for (const [task, target] of [
    ['classes', 'heating'],
    ['number', 'price'],
  ] as const) {
    it.each(Object.keys(MODELS[task]))(`fit ${task} of a table with gaps, and are the same once saved: %s`, (model) => {
      const features = Object.keys(few).filter((name) => name !== target);
      const plan: Plan = { target, task, features, model, value: 2 };
      const { x, y } = studyOf(few, plan);
      const fitted: AnyModel = estimatorOf(plan).fit(x, y as never);
      const copy = PipelineModel.fromJSON<AnyModel>(JSON.parse(JSON.stringify(fitted)), { classes: CLASSES });
      expect(copy.predict(x)).toEqual(fitted.predict(x));
      const one = {
        district: '제주',
        area: 60,
        floor: 3,
        built: Number.NaN,
        heating: null,
        elevator: false,
        price: 500,
      };
      const row = Object.fromEntries(features.map((name) => [name, one[name as keyof typeof one]]));
      expect(copy.predictOne(row)).toEqual(fitted.predictOne(row));
    });
  }
});
