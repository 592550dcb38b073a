import { DataError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import { failuresOf } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import { LabelEncoder, LabelEncoderModel } from '../src/index.ts';

/** The checks of transformers that do not apply to it, and why not. */
const DOES_NOT_APPLY = {
  'gives a row of nFeaturesOut columns for each row': 'a code for each label, in an Int32Array',
  'transformOne gives what transform gives, in the array it is handed': 'one label has one code, which is returned',
  'the model is frozen, and later changes of the data do not reach it': 'there is no table to change; of a list, below',
  'rows, flat data and tensors give the same model and the same answers': 'there are no rows; of lists, below',
  'integers are numbers like others': 'labels are no numbers',
  'leaves its input untouched': 'there is no table to touch; of a list, below',
  'refuses NaN by its place': 'there is no place in a table; in a list, below',
  'refuses infinity by its place': 'likewise',
  'refuses empty input': 'there is no shape; of a list, below',
  'refuses ragged rows by their place': 'there are no rows',
  'refuses what is no table of numbers': 'labels are a list',
  'refuses rows with other columns than it was fitted with': 'there are no columns',
  'one row, one column, constant columns, more columns than rows: finite answers or a refusal': 'there are no columns',
  'huge and tiny numbers: finite answers or a refusal': 'labels have no size',
  'refuses weights that it would not use': 'fit takes labels and no options',
  'fitAsync gives the model that fit gives': 'there is no fitAsync: one pass over a list of labels',
  'fitAsync rejects with what fit throws, and with the reason of an aborted signal': 'likewise',
  'refuses unknown options of fit': 'fit takes labels and no options',
};

describe('LabelEncoder conforms as a transformer of one list', () => {
  it('but for the checks that do not apply', async () => {
    const failures = await failuresOf('transformer', {
      name: 'LabelEncoder',
      Estimator: LabelEncoder,
      Model: LabelEncoderModel,
      traits: {
        ...{ kind: 'transformer', missing: 'refuse', sparse: false, float32: 'widen', deterministic: true },
        ...{ sampleWeight: 'refuse', rowOrder: 'free', iterative: false },
      },
      toBytes: toBytes as never,
      fromBytes: fromBytes as never,
      tensor: (rows, dtype) => tensor(rows, { dtype }),
      adapt: ({ y }) => ({ x: y, y }),
    });
    expect(Object.keys(failures)).toEqual(Object.keys(DOES_NOT_APPLY));
  });

  it('what they would check of a table, of a list', () => {
    const y = Object.freeze([3, -1, 3, 7]);
    const model = new LabelEncoder().fit(y);
    expect(Object.isFrozen(model)).toBe(true);
    expect(JSON.stringify(new LabelEncoder().fit(Int32Array.from(y)))).toBe(JSON.stringify(model));
    expect(model.transform(Int32Array.from(y))).toEqual(model.transform(y));
    const changed = [3, -1];
    const kept = new LabelEncoder().fit(changed);
    changed.fill(9);
    expect(kept.classes).toEqual([-1, 3]);
    for (const run of [(bad: number[]) => new LabelEncoder().fit(bad), (bad: number[]) => model.transform(bad)]) {
      const label = 'LabelEncoder: y[1] must be a string, an integer or a boolean, got';
      expectError(() => run([3, Number.NaN]), DataError, `${label} NaN`);
      expectError(() => run([3, Number.POSITIVE_INFINITY]), DataError, `${label} Infinity`);
    }
    expectError(() => new LabelEncoder().fit([]), DataError, 'LabelEncoder: y must have at least one label, got none');
    expect(Array.from(model.transform([]))).toEqual([]);
  });
});
