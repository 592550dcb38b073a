import { Random } from '@maru-ml/base';
import { expect, it } from 'vitest';
import * as math from '../src/math.ts';
import * as scalar from '../src/scalar.ts';

it('functions of one number give the bits of those of arrays', () => {
  const random = new Random(1);
  const x = Float64Array.from({ length: 4000 }, (_, i) => random.normal() * 10 ** ((i % 7) - 3));
  x.set([0, -0, 1, -1, 1e-320, 1e300, -800, 800, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  const pairs = {
    exp: [scalar.exp, math.exp],
    expm1: [scalar.expm1, math.expm1],
    log: [scalar.log, math.log],
    log1p: [scalar.log1p, math.log1p],
  } as const;
  for (const [name, [one, many]] of Object.entries(pairs)) {
    const out = new Float64Array(x.length);
    many(x, out);
    const wrong = [...x].filter((value, i) => !Object.is(one(value), out[i]));
    expect(wrong, name).toEqual([]);
  }
});
