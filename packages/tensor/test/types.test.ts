import type { Random } from '@maru-ml/base';
import { describe, expectTypeOf, it } from 'vitest';
import {
  checkpoint,
  customGrad,
  type DType,
  decodeArray,
  enableGrad,
  grad,
  keep,
  noGrad,
  type Scope,
  type SliceRange,
  scope,
  slice,
  type Tensor,
  tensor,
  valueAndGrad,
} from '../src/index.ts';

// Checked by the compiler (`tsc -p tsconfig.json`): a line under @ts-expect-error that compiles is an error.
describe('types', () => {
  it('keep promises out of scopes and gradient modes', () => {
    const never = () => {
      // @ts-expect-error a scope cannot stay open across an await
      scope(async () => tensor([1]));
      // @ts-expect-error
      scope(() => Promise.resolve(1));
      // @ts-expect-error
      noGrad(async () => tensor([1]));
      // @ts-expect-error
      enableGrad(async () => 1);
      // @ts-expect-error a thenable too
      // biome-ignore lint/suspicious/noThenProperty: that is what is refused
      noGrad(() => ({ then: (resolve: (value: number) => void) => resolve(1) }) as PromiseLike<number>);
    };
    expectTypeOf(never).toBeFunction();
  });

  it('pass results through', () => {
    const read = () => {
      expectTypeOf(scope(() => ({ loss: 1, y: tensor(1) }))).toEqualTypeOf<{ loss: number; y: Tensor }>();
      expectTypeOf(scope(() => {})).toBeVoid();
      expectTypeOf(scope()).toEqualTypeOf<Scope>();
      expectTypeOf(noGrad(() => tensor(1))).toEqualTypeOf<Tensor>();
      expectTypeOf(keep(tensor(1))).toEqualTypeOf<Tensor>();
      expectTypeOf(grad(tensor(1), tensor(1))).toEqualTypeOf<Tensor>();
      expectTypeOf(grad(tensor(1), [tensor(1)])).toEqualTypeOf<Tensor[]>();
    };
    expectTypeOf(read).toBeFunction();
  });

  it('know the arguments of functions of functions', () => {
    const f = (a: Tensor, b: Tensor) => a.mul(b);
    expectTypeOf(valueAndGrad(f)).parameters.toEqualTypeOf<[Tensor, Tensor]>();
    expectTypeOf(customGrad(f, (g) => [g, null])).parameters.toEqualTypeOf<[a: Tensor, b: Tensor]>();
    const call = (x: Tensor, random: Random) => {
      checkpoint(
        (t, seed) => {
          expectTypeOf(t).toEqualTypeOf<Tensor>();
          expectTypeOf(seed).toEqualTypeOf<Random>();
          return t;
        },
        x,
        random,
      );
      // @ts-expect-error an input for each argument
      checkpoint((t: Tensor, s: Tensor) => t.mul(s), x);
    };
    expectTypeOf(call).toBeFunction();
  });

  it('name dtypes and ranges', () => {
    expectTypeOf<DType>().toEqualTypeOf<'float32' | 'float64' | 'int32' | 'uint8' | 'bool'>();
    expectTypeOf<[0, 2]>().toExtend<SliceRange>();
    expectTypeOf<[null, null, -1]>().toExtend<SliceRange>();
    expectTypeOf(decodeArray<'float32'>).returns.toEqualTypeOf<Float32Array>();
    const wrong = (x: Tensor) => {
      // @ts-expect-error no such dtype
      tensor([1], { dtype: 'float16' });
      // @ts-expect-error a range has a start and a stop
      slice(x, [[1]]);
      // @ts-expect-error what is saved under a dtype is an array of it
      const values: Float64Array = decodeArray('M', 'w', {}, { dtype: 'float32' });
      return values;
    };
    expectTypeOf(wrong).toBeFunction();
  });
});
