import { Random } from '@maru-ml/base';
import { iris } from '@maru-ml/datasets/iris';
import { fisherDiscriminant, PCA } from '@maru-ml/linalg';
import { histogram, lines, scatter } from '@maru-ml/plot';
import type { Context, Study } from '../study.ts';

/** C4: the direction in which two classes are farthest apart for their width. */
export const fisherDiscriminantStudy: Study = {
  row: 'C4',
  title: 'Fisher’s linear discriminant',
  source: '002, linear discriminant analysis',
  run(context) {
    const { x, y } = clouds();
    context.text(
      'Two classes are projected on a line, y = w·x. A good direction w has their means far apart for the scatter within them: J(w) = (m̃₁ - m̃₂)² / (s̃₁² + s̃₂²) = wᵀS_b w / wᵀS_w w. It is largest at w = S_w⁻¹(m₁ - m₂).',
    );
    context.erratum('“Minimize J(w)”: the ratio is maximized, as the derivation that follows there does.');
    const fisher = fisherDiscriminant(x, y);
    const angle = Math.atan2(fisher.w[1]!, fisher.w[0]!);
    // J over all directions, from the two scatters alone.
    const j = (phi: number) =>
      ratio(fisher.between.data, [Math.cos(phi), Math.sin(phi)]) /
      ratio(fisher.within.data, [Math.cos(phi), Math.sin(phi)]);
    const angles = Array.from({ length: 181 }, (_, i) => (i * Math.PI) / 180);
    context.plot(
      lines(
        { x: angles.map((phi) => (180 * phi) / Math.PI), y: angles.map(j) },
        { xLabel: 'direction / degrees', yLabel: 'J', title: 'J(w) of every direction' },
      ),
      `Largest at ${(((180 * angle) / Math.PI + 180) % 180).toFixed(1)} degrees, where w = S_w⁻¹(m₁ - m₂) points.`,
    );
    const best = Math.max(...angles.map(j));
    context.figure(
      'J at w beside the largest of 181 directions',
      'at least',
      fisher.ratio >= best ? 'at least' : 'less',
    );

    const pca = new PCA({ nComponents: 1 }).fit(x);
    const rows = x;
    context.plot(
      scatter(rows, {
        groups: y,
        title: 'Two long clouds',
        highlights: { means: fisher.means.toArray() as number[][] },
      }),
      'They vary most along their length, which does not tell them apart.',
    );
    for (const [name, w] of [
      ['Fisher’s w', fisher.w],
      ['first principal component', pca.components.data],
    ] as const) {
      const projected = (label: string) =>
        rows.filter((_, i) => y[i] === label).map(([a, b]) => w[0]! * a! + w[1]! * b!);
      context.plot(
        histogram(
          { first: projected('first'), second: projected('second') },
          { xLabel: 'w·x', title: `Projected on ${name}` },
        ),
        name === 'first principal component' ? 'The largest variance mixes the classes.' : 'The classes are apart.',
      );
    }
    context.figure('share of the rows on the right side', null, share(rows, y, fisher));
    twoIrises(context);
  },
};

function twoIrises(context: Context): void {
  const { x, y, targetNames } = iris();
  const rows = x.data.subarray(50 * 4);
  const names = Array.from(y.subarray(50), (label) => targetNames[label]!);
  const fisher = fisherDiscriminant({ data: rows, shape: [100, 4] }, names);
  const table = Array.from({ length: 100 }, (_, i) => Array.from(rows.subarray(4 * i, 4 * i + 4)));
  context.text('Versicolor and virginica, on which Fisher showed it in 1936:');
  context.figure('irises on the right side of Fisher’s line, of 100', null, 100 * share(table, names, fisher));
}

function share(
  rows: readonly (readonly number[])[],
  y: readonly string[],
  { w, threshold, classes }: { w: Float64Array; threshold: number; classes: readonly string[] },
): number {
  const right = rows.filter((row, i) => {
    const score = row.reduce((sum, value, k) => sum + value * w[k]!, 0);
    return classes[score > threshold ? 0 : 1] === y[i];
  });
  return right.length / rows.length;
}

/** wᵀ S w */
function ratio(s: ArrayLike<number>, [a, b]: readonly [number, number]): number {
  return a * a * s[0]! + a * b * (s[1]! + s[2]!) + b * b * s[3]!;
}

/** Two clouds, long in one direction and apart in another. */
function clouds(): { x: number[][]; y: string[] } {
  const random = new Random(4);
  const y = Array.from({ length: 200 }, (_, i) => (i < 100 ? 'first' : 'second'));
  const x = y.map((label) => {
    const [along, across] = [random.normal(0, 3), random.normal(label === 'first' ? 1 : -1, 0.5)];
    return [0.8 * along - 0.6 * across, 0.6 * along + 0.8 * across];
  });
  return { x, y };
}
