import { LinearDiscriminantAnalysis, LinearDiscriminantAnalysisModel } from '@maru-ml/linalg';
import { FunctionTransformer, FunctionTransformerModel } from '@maru-ml/preprocessing';
import { describe, expect, it } from 'vitest';
import { PipelineModel, pipeline } from '../src/index.ts';

describe('loading a pipeline', () => {
  it('hands functions on to the models that hold some', () => {
    const rows = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const sides = rows.map((_, i) => (i % 2 === 0 ? 'left' : 'right'));
    const functions = { cube: (value: number) => value ** 3 };
    const cubes = new FunctionTransformer({ func: 'cube' }, functions);
    const model = pipeline(cubes, new LinearDiscriminantAnalysis()).fit(rows, sides);
    const classes = { FunctionTransformerModel, LinearDiscriminantAnalysisModel };
    const copy = PipelineModel.fromJSON(JSON.parse(JSON.stringify(model)), { classes, functions });
    expect(copy.predict!(rows)).toEqual(model.predict(rows));
    expect(() => PipelineModel.fromJSON(JSON.parse(JSON.stringify(model)), { classes })).toThrow('cube');
  });
});
