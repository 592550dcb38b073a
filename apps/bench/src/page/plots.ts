/** The plots of docs/benchmarks.md as SVG. */
import { PALETTE, toSvg, type VegaLiteSpec } from '@maru-ml/plot';
import type { Figures } from '../figures.ts';
import { rivals } from './words.ts';

const SIDES = { js: 'nearest of this language', python: 'Python, one thread', shipped: 'Python as shipped' } as const;

/** Ours divided by theirs for each row on a logarithmic axis: left of 1 we are faster. */
function ratioSpec({ rows }: Figures): VegaLiteSpec {
  const values = rows.flatMap((row) =>
    (Object.keys(SIDES) as (keyof typeof SIDES)[]).flatMap((side) => {
      const rival = rivals(row, side).filter(({ right }) => right !== false)[0];
      return rival === undefined
        ? []
        : [{ row: row.title, rival: SIDES[side], ratio: Math.max(...rival.ratios!), name: rival.name }];
    }),
  );
  const y = { field: 'row', type: 'nominal', sort: null, title: null, axis: { labelLimit: 600, grid: true } };
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
function scalingSpec({ scaling }: Figures): VegaLiteSpec {
  const values = scaling.flatMap(({ title, n, ms, cost, stated, exponent }, place) => {
    const name = `${broken(title)}|n^${exponent}, stated ${cost}`;
    const line = (size: number) => ms.at(-1)! * (size / n.at(-1)!) ** stated;
    return n.flatMap((size, i) => [
      { name, place, n: size, ms: ms[i]!, kind: 'measured' },
      { name, place, n: size, ms: line(size), kind: 'stated' },
    ]);
  });
  const scale = { type: 'log', nice: false };
  const labels = { tickCount: 3, grid: false };
  const kinds = { field: 'kind', type: 'nominal', title: 'ms over n', scale: { domain: ['measured', 'stated'] } };
  const encoding = {
    x: { field: 'n', type: 'quantitative', title: null, scale, axis: { ...labels, format: '~s' } },
    y: { field: 'ms', type: 'quantitative', title: null, scale, axis: { ...labels, format: '~g' } },
    color: { ...kinds, scale: { ...kinds.scale, range: PALETTE.slice(0, 2) } },
  };
  return {
    data: { values },
    facet: {
      field: 'name',
      type: 'nominal',
      sort: { field: 'place', op: 'min' },
      title: null,
      header: { labelExpr: "split(datum.value, '|')", labelLimit: 500, labelFontSize: 10 },
    },
    columns: 4,
    spacing: { row: 14, column: 30 },
    resolve: { scale: { x: 'independent', y: 'independent' } },
    spec: {
      width: 150,
      height: 90,
      layer: [
        { mark: { type: 'line', strokeDash: [4, 3] }, transform: [{ filter: "datum.kind === 'stated'" }], encoding },
        { mark: { type: 'line', point: true }, transform: [{ filter: "datum.kind === 'measured'" }], encoding },
      ],
    },
  };
}

/** A title in two lines of about the same length where it is long. */
function broken(title: string): string {
  if (title.length <= 30) return title;
  const half = title.length / 2;
  const spaces = [...title.matchAll(/ /g)].map(({ index }) => index);
  const at = spaces.sort((a, b) => Math.abs(a - half) - Math.abs(b - half))[0];
  return at === undefined ? title : `${title.slice(0, at)}|${title.slice(at + 1)}`;
}

export async function plots(figures: Figures): Promise<{ ratios: string; scaling: string }> {
  return { ratios: await toSvg(ratioSpec(figures)), scaling: await toSvg(scalingSpec(figures)) };
}
