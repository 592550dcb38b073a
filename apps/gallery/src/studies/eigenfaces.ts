import { readBytes } from '@maru-ml/datasets';
import { digits } from '@maru-ml/datasets/digits';
import { PCA } from '@maru-ml/linalg';
import { images, scree } from '@maru-ml/plot';
import type { Context, Study } from '../study.ts';

/** A4: a person's faces vary along few directions, which can be seen. */
export const eigenfaces: Study = {
  row: 'A4',
  title: 'Principal components of faces',
  source: '000, linear algebra: PCA',
  async run(context) {
    const { x, shape, what, first } = await load(context);
    const n = x.shape[0];
    context.text(
      `The ${n} pictures of ${what} are points in a space of ${x.shape[1]} pixels. Their principal components are the directions in which they vary most, and directions are pictures too.`,
    );
    const model = new PCA({ nComponents: Math.min(9, n - 1) }).fit(x);
    const [components, d] = model.components.shape;
    context.plot(images(x, { shape, columns: 5, title: `The pictures of ${what}` }), 'The data.');

    for (const [c, meaning] of first.entries()) {
      // The mean, moved along a component by up to two standard deviations.
      const deviation = Math.sqrt(model.explainedVariance[c]!);
      const steps = [-2, -1, 0, 1, 2];
      const moved = steps.map((step) =>
        model.mean.map((value, j) => value + step * deviation * model.components.data[c * d + j]!),
      );
      context.plot(
        images(
          moved.map((row) => Array.from(row)),
          {
            ...{ shape, columns: 5, labels: steps.map((step) => `${step} s`), title: `Mean + component ${c + 1}` },
          },
        ),
        meaning,
      );
    }
    context.plot(
      scree(model.explainedVariance, { total: model.totalVariance, threshold: 0.7 }),
      'Few components explain most of what differs.',
    );
    context.figure(
      'share of the variance in two components',
      null,
      model.explainedVarianceRatio[0]! + model.explainedVarianceRatio[1]!,
    );

    const kept = [1, 2, 4, components];
    const rebuilt = kept.map((nComponents) => {
      const z = new PCA({ nComponents }).fit(x);
      return Array.from(z.reconstruct({ data: x.data.slice(0, d), shape: [1, d] }).data);
    });
    context.plot(
      images([Array.from(x.data.slice(0, d)), ...rebuilt], {
        ...{
          shape,
          columns: 5,
          labels: ['original', ...kept.map((k) => `${k} of ${n - 1}`)],
          title: 'One picture from its components',
        },
      }),
      `With all ${n - 1} that ten pictures have, it is the picture itself.`,
    );
  },
};

interface Pictures {
  x: { data: Float64Array; shape: readonly [number, number] };
  shape: readonly [number, number];
  what: string;
  /** What the first two components do. */
  first: readonly [string, string];
}

/** Ten pictures of one person, or of one digit. */
async function load(context: Context): Promise<Pictures> {
  const file = context.find('olivetti/faces-400x64x64.u8.gz');
  if (file !== null) {
    const person = 20;
    const bytes = (await readBytes(file)).subarray(person * 10 * 4096, (person + 1) * 10 * 4096);
    return {
      x: { data: Float64Array.from(bytes), shape: [10, 4096] },
      shape: [64, 64],
      what: 'one person',
      first: ['The first component turns the face to the left and right.', 'The second one changes its expression.'],
    };
  }
  context.shrunk('Without --data the pictures are ten embedded handwritten threes instead of faces.');
  const { x, y } = digits();
  const rows = Array.from(y.keys())
    .filter((i) => y[i] === 3)
    .slice(0, 10);
  const data = Float64Array.from(rows.flatMap((row) => Array.from(x.data.subarray(row * 64, row * 64 + 64))));
  return {
    x: { data, shape: [10, 64] },
    shape: [8, 8],
    what: 'the digit 3',
    first: ['The first component slants the digit.', 'The second one moves its strokes.'],
  };
}
