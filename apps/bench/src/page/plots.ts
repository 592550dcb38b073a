/** The plots of docs/benchmarks.md as SVG. */
import { PALETTE, toSvg, type VegaLiteSpec } from '@maru-ml/plot';
import type { Figures } from '../figures.ts';
import { rivals } from './words.ts';

const SIDES = { js: 'nearest of this language', python: 'Python, one thread', shipped: 'Python as shipped' } as const;

/** Ours divided by theirs for each row on a logarithmic axis: left of 1 we are faster. */
export function ratioSpec({ rows }: Figures): VegaLiteSpec {
  const values = rows.flatMap((row) =>
    (Object.keys(SIDES) as (keyof typeof SIDES)[]).flatMap((side) => {
      const rival = rivals(row, side).filter(({ right }) => right !== false)[0];
      return rival === undefined
        ? []
        : [{ row: row.title, rival: SIDES[side], ratio: Math.max(...rival.ratios!), name: rival.name }];
    }),
  );
  const y = { field: 'row', type: 'nominal', sort: null, title: null, axis: { labelLimit: 420, grid: true } };
  return {
    title: 'Ours divided by theirs: left of 1 we are faster',
    width: 420,
    height: { step: 17 },
    layer: [
      { mark: { type: 'rule', strokeDash: [4, 3] }, data: { values: [{ at: 1 }] }, encoding: { x: { datum: 1 } } },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 55, opacity: 0.9 },
        encoding: {
          x: {
            field: 'ratio',
            type: 'quantitative',
            scale: { type: 'log' },
            title: 'ours / theirs',
            axis: { format: '~g', tickCount: 6 },
          },
          y,
          color: {
            field: 'rival',
            type: 'nominal',
            title: null,
            sort: null,
            scale: { domain: Object.values(SIDES), range: PALETTE.slice(0, 3) },
          },
          shape: { field: 'rival', type: 'nominal', title: null, sort: null, scale: { domain: Object.values(SIDES) } },
        },
      },
    ],
  };
}

/** Time over n for each algorithm, with the stated cost through the last point. */
export function scalingSpec({ scaling }: Figures): VegaLiteSpec {
  const values = scaling.flatMap(({ title, n, ms, cost, stated, exponent }) =>
    n.flatMap((size, i) => [
      { title: [title, `n^${exponent}, stated ${cost}`].join('|'), n: size, ms: ms[i]!, kind: 'measured' },
      {
        title: [title, `n^${exponent}, stated ${cost}`].join('|'),
        n: size,
        ms: ms.at(-1)! * (size / n.at(-1)!) ** stated,
        kind: 'stated',
      },
    ]),
  );
  const axis = { title: null, axis: { format: '~s', tickCount: 3, grid: false } };
  return {
    data: { values },
    facet: {
      field: 'title',
      type: 'nominal',
      sort: null,
      title: null,
      header: { labelExpr: "split(datum.value, '|')", labelLimit: 190 },
    },
    columns: 4,
    spacing: 16,
    resolve: { scale: { x: 'independent', y: 'independent' } },
    spec: {
      width: 150,
      height: 90,
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'n', type: 'quantitative', scale: { type: 'log' }, ...axis },
        y: { field: 'ms', type: 'quantitative', scale: { type: 'log' }, ...axis },
        color: {
          field: 'kind',
          type: 'nominal',
          title: 'ms over n',
          scale: { domain: ['measured', 'stated'], range: PALETTE.slice(0, 2) },
        },
        strokeDash: { field: 'kind', type: 'nominal', title: 'ms over n', scale: { domain: ['measured', 'stated'] } },
      },
    },
  };
}

export async function plots(figures: Figures): Promise<{ ratios: string; scaling: string }> {
  return { ratios: await toSvg(ratioSpec(figures)), scaling: await toSvg(scalingSpec(figures)) };
}
