import { readBytes } from '@maru-ml/datasets';
import { svd } from '@maru-ml/linalg';
import { images, lines } from '@maru-ml/plot';
import { cast, fromTypedArray, matmul, norm, slice, type Tensor } from '@maru-ml/tensor';
import { eveningScene } from '../scene.ts';
import type { Context, Study } from '../study.ts';

/** A3: a picture as a sum of matrices of rank 1, of which a few come near. */
export const singularValuesOfAPicture: Study = {
  row: 'A3',
  title: 'A picture from its singular vectors',
  source: '000, linear algebra: SVD',
  async run(context) {
    const picture = await load(context);
    const [height, width] = picture.shape as [number, number];
    const { u, s, vt } = svd(picture);
    context.text(
      `A matrix is a sum of matrices of rank 1, A = Σ σᵢ uᵢ vᵢᵀ, the largest σ first. Each term is a column times a row, so ${height + width + 1} numbers instead of ${height * width}. The source adds up 18 of them.`,
    );
    context.erratum(
      'The code there reads U[:,1:1]@VT[1,:,:] for one of the terms, an empty slice; the formula, a sum over i = 1 to 18, is right.',
    );
    /** Σ of the terms `from` to `to`. */
    const sumOf = (from: number, to: number) =>
      matmul(
        slice(u, [
          [0, height],
          [from, to],
        ]).mul(slice(s, [[from, to]])),
        slice(vt, [[from, to]]),
      );
    const counts = [1, 2, 5, 10, 18];
    const sums = counts.map((count) => sumOf(0, count));
    const rows = (tensors: Tensor[]) => tensors.map((t) => t.toArray() as number[][]);
    context.plot(
      images(rows([picture, ...sums]), {
        ...{ labels: ['original', ...counts.map((count) => `${count} terms`)], columns: 3, range: [0, 255] },
        title: 'Sums of the first terms',
      }),
      'The first terms are broad light and shade; what follows is ever finer.',
    );
    context.plot(
      images(rows([0, 1, 2, 3, 4, 5].map((i) => sumOf(i, i + 1))), {
        ...{ labels: [1, 2, 3, 4, 5, 6].map((i) => `term ${i}`), columns: 3, range: 'each', title: 'Single terms' },
      }),
      'Matrices of rank 1: every row is a multiple of every other.',
    );
    context.plot(
      lines(s, { xLabel: 'i', yLabel: 'σ', yScale: 'log', title: 'Singular values' }),
      'They fall quickly, so few terms hold most of the picture.',
    );
    const whole = norm(picture).item();
    const rest = norm(picture.sub(sums.at(-1)!)).item();
    const values = s.toArray() as number[];
    const tail = Math.sqrt(values.slice(18).reduce((sum, value) => sum + value * value, 0));
    context.figure('what 18 terms leave, ‖A - A₁₈‖ / ‖A‖', null, rest / whole);
    // Eckart and Young: the rest is made of the other singular values, and no matrix of rank 18 comes nearer.
    context.figure('‖A - A₁₈‖ beside √(Σ σᵢ² of the others)', tail.toFixed(6), rest.toFixed(6));
  },
};

/** A gray picture of float64 [height, width]. */
async function load(context: Context): Promise<Tensor> {
  const file = context.find('olivetti/faces-400x64x64.u8.gz');
  if (file !== null) {
    const bytes = (await readBytes(file)).subarray(0, 64 * 64);
    return cast(fromTypedArray(bytes.slice(), [64, 64]), 'float64');
  }
  context.shrunk('Without --data the picture is a drawn one.');
  const { data, shape } = eveningScene();
  const [height, width] = shape;
  const gray = Float64Array.from(
    { length: height * width },
    (_, i) => (data[3 * i]! + data[3 * i + 1]! + data[3 * i + 2]!) / 3,
  );
  return fromTypedArray(gray, [height, width]);
}
