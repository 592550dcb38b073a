import { digits } from '@maru-ml/datasets/digits';
import { heatmap, images } from '@maru-ml/plot';
import { div, dot, mul, norm, slice, type Tensor, tensor } from '@maru-ml/tensor';
import type { Study } from '../study.ts';

/** A2: which pictures are near each other, by the angle between their vectors of pixels. */
export const cosineSimilarity: Study = {
  row: 'A2',
  title: 'Cosine similarity of digits',
  source: '000, linear algebra (2)',
  run(context) {
    const { x, y, targetNames } = digits();
    const pictures = tensor(x.data).reshape(...x.shape);
    const [zero, one, eight] = [0, 1, 8].map((i) => slice(pictures, [i])) as [Tensor, Tensor, Tensor];

    const cosine = (a: Tensor, b: Tensor) => dot(a, b).item() / (norm(a).item() * norm(b).item());
    context.text(
      'The cosine of the angle between two pictures, aᵀb / ‖a‖‖b‖, is 1 where one is a multiple of the other.',
    );
    context.plot(
      images(slice(pictures, [[0, 9]]).reshape(-1, 8, 8), {
        labels: Array.from(y.slice(0, 9), String),
        columns: 5,
        title: 'The first pictures of the set',
      }),
      'The source compares the first 0 with the first 1 and the first 8.',
    );
    context.figure('cos(0, 1)', 0.5191023426414686, cosine(zero, one), { digits: 14 });
    context.figure('cos(0, 8)', 0.7515122122359871, cosine(zero, eight), { digits: 14 });
    context.text('The 0 is nearer to the 8 than to the 1: both have a round outline.');

    // All cosines at once: rows of length 1, times each other.
    const units = div(pictures, norm(pictures, 2, 1, { keepDims: true }));
    const means = targetNames.map((_, digit) => meanOf(units, y, digit));
    const between = means.map((a) => means.map((b) => dot(a, b).item()));
    context.plot(
      heatmap(between, {
        rowLabels: targetNames,
        columnLabels: targetNames,
        title: 'Mean cosine between the digits of two classes',
        valueLabel: 'mean cosine',
      }),
      'Over all 1,797 pictures: the diagonal is the similarity within a class.',
    );
    const nearest = between[0]!.map((value, digit) => ({ value, digit })).slice(1);
    nearest.sort((a, b) => b.value - a.value);
    context.figure('digit nearest to 0 on average', null, nearest[0]!.digit);
    context.figure('mean cosine of 0 and 1 over all pictures', null, between[0]![1]!);
    context.figure('mean cosine of 0 and 8 over all pictures', null, between[0]![8]!);
  },
};

/** The mean of the rows of a class: their sum weighted with 1 for the class and 0 for all others. */
function meanOf(rows: Tensor, y: Int32Array, digit: number): Tensor {
  const mine = tensor(Float64Array.from(y, (label) => (label === digit ? 1 : 0)));
  return div(mul(rows, mine.reshape(-1, 1)).sum(0), mine.sum());
}
