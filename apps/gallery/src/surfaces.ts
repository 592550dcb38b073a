import { clipGradNorm, type Optimizer } from '@maru-ml/optim';
import {
  fromTypedArray,
  linspace,
  meshgrid,
  noGrad,
  parameter,
  scope,
  slice,
  type Tensor,
  tensor,
} from '@maru-ml/tensor';

/** A function of the plane, element by element. */
export type Surface = (x: Tensor, y: Tensor) => Tensor;

/** Where an optimizer went, with the values there. */
export interface Path {
  x: number[];
  y: number[];
  values: number[];
}

type StepOptimizer = Pick<Optimizer, 'step' | 'zeroGrad'>;

/** Takes steps from a place; ends early where the value is not finite. */
export function descend(
  f: Surface,
  [x0, y0]: readonly [number, number],
  makeOptimizer: (params: Tensor[]) => StepOptimizer,
  steps: number,
  clip: number = Number.POSITIVE_INFINITY,
): Path {
  const place = parameter(tensor([x0, y0], { dtype: 'float64' }));
  const optimizer = makeOptimizer([place]);
  const path: Path = { x: [], y: [], values: [] };
  for (let step = 0; step <= steps; step++) {
    const [x, y] = place.toArray() as [number, number];
    const value = scope(() => {
      optimizer.zeroGrad();
      const loss = f(slice(place, [0]), slice(place, [1]));
      if (Number.isFinite(loss.item())) loss.backward();
      return loss.item();
    });
    path.x.push(x);
    path.y.push(y);
    path.values.push(value);
    if (!Number.isFinite(value) || step === steps) break;
    if (clip < Number.POSITIVE_INFINITY) clipGradNorm([place], clip);
    optimizer.step();
  }
  return path;
}

/** The values over a part of the plane, for `contour`: the first row at the least y. */
export function gridOf(f: Surface, x: readonly [number, number], y: readonly [number, number], points = 100): Tensor {
  const dtype = 'float64';
  const [xs, ys] = meshgrid([linspace(...x, points, { dtype }), linspace(...y, points, { dtype })], {
    indexing: 'xy',
  }) as [Tensor, Tensor];
  const values = noGrad(() => f(xs, ys));
  return fromTypedArray(values.toTypedArray(), [points, points]);
}
