import { readBytes } from '@maru-ml/datasets';
import { digits } from '@maru-ml/datasets/digits';
import { images } from '@maru-ml/plot';
import { cast, fromTypedArray, norm, slice, stack, type Tensor, tensor } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** A1: a picture turns into another along the line between the two, by weighted means. */
export const imageMorphing: Study = {
  row: 'A1',
  title: 'Image morphing: weighted means of two pictures',
  source: '000, linear algebra (1)',
  async run(context) {
    const { pictures, what } = await load(context);
    const [first, last] = [pictures[0]!, pictures[1]!];

    const weights = [0, 0.2, 0.4, 0.6, 0.8, 1];
    const morphed = weights.map((w) => first.mul(1 - w).add(last.mul(w)));

    context.text(
      `A picture is a vector of its pixels, so two ${what} have a weighted mean, (1 - w) a + w b. As w goes from 0 to 1 the first turns into the second.`,
    );
    context.plot(
      images(stack(morphed), { labels: weights.map((w) => `w = ${w}`), columns: 3, title: 'From a to b' }),
      'Each picture is a linear combination of the first and the last one.',
    );

    const distance = (a: Tensor, b: Tensor) => norm(a.sub(b)).item();
    context.figure(
      '‖half-way - a‖ / ‖b - a‖',
      null,
      distance(first.mul(0.5).add(last.mul(0.5)), first) / distance(last, first),
    );
    context.text('Beyond the two ends the same line exaggerates what tells the pictures apart.');
    const beyond = [-0.5, 1.5].map((w) => first.mul(1 - w).add(last.mul(w)));
    context.plot(
      images(stack(beyond), { labels: ['w = -0.5', 'w = 1.5'], title: 'Beyond a and b' }),
      'Weights outside 0 to 1: no mean any more, but still a linear combination.',
    );

    const three = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1 / 3, 1 / 3, 1 / 3],
    ];
    const mixed = tensor(three).matmul(stack(pictures).reshape(3, -1));
    context.plot(
      images(mixed.reshape(4, ...first.shape), { labels: ['a', 'b', 'c', 'mean'], title: 'Three pictures' }),
      'Many combinations at once are one product of matrices: weights [4, 3] times pictures [3, pixels].',
    );
  },
};

/** Three pictures [height, width]: faces of three people where there are any, else three digits. */
async function load(context: Context): Promise<{ pictures: Tensor[]; what: string }> {
  const file = context.find('olivetti/faces-400x64x64.u8.gz');
  if (file !== null) {
    // Ten pictures of each of forty people, one byte a pixel.
    const faces = cast(fromTypedArray(await readBytes(file), [400, 64, 64]), 'float32');
    return { pictures: [0, 50, 140].map((i) => slice(faces, [i])), what: 'faces' };
  }
  context.shrunk('Without --data two handwritten digits stand for the faces.');
  const { x } = digits();
  const all = tensor(x.data).reshape(-1, 8, 8);
  return { pictures: [0, 8, 3].map((i) => slice(all, [i])), what: 'digits' };
}
