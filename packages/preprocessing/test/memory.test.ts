/** @module-tag node */
import { Random } from '@maru-ml/base';
import { peakOf } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  PowerTransformer,
  RobustScaler,
  StandardScaler,
} from '../src/index.ts';

describe('a fit takes at most three copies of x beyond its result, and so does what it makes of x', () => {
  const [n, d] = [20_000, 16];
  const random = new Random(1);
  const data = Float64Array.from({ length: n * d }, () => random.normal());
  const x = { data, shape: [n, d] } as const;

  it.each([StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, Normalizer, PowerTransformer])('%o', (Scaler) => {
    const fit = peakOf(() => new Scaler().fit(x));
    expect((fit.bytes - fit.kept) / data.byteLength).toBeLessThanOrEqual(3);
    const made = peakOf(() => fit.result.transform(x));
    expect(made.kept).toBe(data.byteLength);
    expect((made.bytes - made.kept) / data.byteLength).toBeLessThanOrEqual(1);
  });
});
