/** What a fitted pipeline, saved and loaded, answers to rows that it has not seen: as scikit-learn's. */
import { readFileSync } from 'node:fs';
import { LinearDiscriminantAnalysis, LinearDiscriminantAnalysisModel, PCA, PCAModel } from '@maru-ml/linalg';
import { MinMaxScaler, MinMaxScalerModel, StandardScaler, StandardScalerModel } from '@maru-ml/preprocessing';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { PipelineModel, pipeline } from '../src/index.ts';
import { Ridge, RidgeModel } from './estimators.ts';

const fixture = JSON.parse(readFileSync(new URL('fixtures/pipeline.json', import.meta.url), 'utf8'));
const { x, labels, y, unseen, truth, target } = fixture;
const classes = {
  LinearDiscriminantAnalysisModel,
  MinMaxScalerModel,
  PCAModel,
  RidgeModel,
  StandardScalerModel,
};
const loaded = (model: object) => PipelineModel.fromJSON(JSON.parse(JSON.stringify(model)), { classes });
const components = () => new PCA({ nComponents: 2, svdSolver: 'full' });

describe('PipelineModel, as scikit-learn', () => {
  it('of transformers', () => {
    const model = loaded(pipeline(new StandardScaler(), components(), new MinMaxScaler()).fit(x));
    const made = model.transform!(unseen);
    expectClose(
      made.toArray().map((row) => row.map((value) => Math.abs(value - 0.5))),
      fixture.fromMiddle,
    );
    expectClose(model.inverseTransform!(made), fixture.inverseTransform);
  });

  it('of a classifier', () => {
    const model = loaded(pipeline(new StandardScaler(), components(), new LinearDiscriminantAnalysis()).fit(x, labels));
    expect(model.classes).toEqual(fixture.classes);
    expect(model.predict!(unseen)).toEqual(fixture.predict);
    expect(unseen.map((row: number[]) => model.predictOne!(row))).toEqual(fixture.predict);
    expectClose(model.predictProba!(unseen), fixture.predictProba, { atol: 1e-12 });
    expectClose(model.predictLogProba!(unseen), fixture.predictLogProba);
    expectClose(model.decisionFunction!(unseen), fixture.decisionFunction);
    expectClose(model.score!(unseen, truth), fixture.accuracy);
  });

  it('of a regressor', () => {
    const model = loaded(pipeline(new StandardScaler(), components(), new Ridge({ alpha: 0.7 })).fit(x, y));
    expectClose(model.predict!(unseen), fixture.numbers);
    expectClose(
      unseen.map((row: number[]) => model.predictOne!(row)),
      fixture.numbers,
    );
    expectClose(model.score!(unseen, target), fixture.r2);
  });
});
