import type * as plots from '../src/index.ts';
import {
  bar,
  box,
  confusionMatrix,
  contour,
  cooksDistance,
  correlation,
  decisionRegions,
  dendrogram,
  graph,
  grid,
  heatmap,
  histogram,
  images,
  joint,
  lines,
  margins,
  regression,
  residuals,
  roc,
  scatter,
  scoreCurve,
  scree,
  type VegaLiteSpec,
} from '../src/index.ts';

/** What is exported but makes no plot. */
type NoPlot = 'PALETTE' | 'plotStyle' | 'themeConfig' | 'toSvg';

const line = [
  [-1, -1],
  [0, -1],
  [1, 1],
  [2, 0],
];

const scores = {
  values: [1, 2, 4],
  trainScores: [
    [1, 0.9],
    [0.95, 0.9],
    [0.9, 0.9],
  ],
  testScores: { data: [0.5, 0.6, 0.7, 0.75, 0.85, 0.9], shape: [3, 2] },
};

/** Each row joins those before it. */
function chain(n: number) {
  const children = Array.from({ length: n - 1 }, (_, i) => (i === 0 ? [0, 1] : [n + i - 1, i + 1]));
  return { children, distances: children.map((_, i) => i + 1) };
}

/** Plots of each kind with their options; a kind without a sample does not compile. */
export const samples: Record<Exclude<keyof typeof plots, NoPlot>, Record<string, VegaLiteSpec>> = {
  bar: {
    plain: bar(['SGD', 'Adam'], [0.91, 0.96], { print: true }),
    groups: bar(
      ['a', 'b'],
      { train: [1, 2], test: [3, Number.NaN] },
      { xLabel: 'set', yLabel: 'accuracy', legend: 'part' },
    ),
    stacked: bar(['a', 'b'], { one: [1, 2], two: [3, 4] }, { stacked: true }),
    horizontal: bar(['a long name indeed', 'b'], { one: [1, 2], two: [3, 4] }, { horizontal: true, print: true }),
    errors: bar(['a', 'b'], [1, 2], { errors: [0.1, Number.NaN] }),
  },
  box: {
    plain: box([1, 2, 3, 4, 20], { yLabel: 'score', xLabel: 'class' }),
    groups: box({ a: [1, 2, 3, Number.NaN], b: [2, 2, 2] }, { yLabel: 'score', xLabel: 'class' }),
    horizontal: box({ 'a long name': [1, 2, 3], b: [4] }, { horizontal: true }),
  },
  cooksDistance: {
    plain: cooksDistance([0.1, 0.02, 1.5, 0.3]),
    labels: cooksDistance([0.1, Number.NaN, 1.5], { labels: ['a', 'b', 'c'], threshold: 1, mark: 1 }),
  },
  correlation: {
    plain: correlation([
      [1, 0.5],
      [0.5, 1],
    ]),
    labels: correlation(
      [
        [1, -0.5],
        [-0.5, 1],
      ],
      { labels: ['height', 'weight'], xLabel: 'one', yLabel: 'other' },
    ),
  },
  confusionMatrix: {
    plain: confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2]),
    normalized: confusionMatrix(['yes', 'no'], ['yes', 'yes'], { classes: ['no', 'yes'], normalize: true }),
  },
  contour: {
    plain: contour((x, y) => x * x + y * y, { x: [-1, 1], y: [-1, 1], resolution: 20 }),
    paths: contour((x, y) => x * x + 10 * y * y, {
      ...{ x: [-1, 1], y: [-1, 1], resolution: 20, levelScale: 'log', ramp: 'gray' },
      paths: {
        SGD: [
          [-1, 1],
          [0.5, -0.5],
          [0, 0],
        ],
        Adam: { x: [1, 0], y: [1, 0] },
      },
      highlights: { minimum: [[0, 0]] },
    }),
    unfilled: contour(
      [
        [0, 1],
        [1, 2],
      ],
      { x: [0, 1], y: [0, 1], filled: false, levels: [0.5, 1.5] },
    ),
  },
  decisionRegions: {
    plain: decisionRegions(
      (rows) => rows.map(([x]) => (x! > 0 ? 'b' : 'a')),
      [
        [-1, 0],
        [1, 2],
      ],
      ['a', 'b'],
      { resolution: 8 },
    ),
    options: decisionRegions(() => [0, 1, 2, 0], { x: [1, 2], y: [1, 2] }, [0, 1], {
      ...{
        resolution: 2,
        xDomain: [0, 3],
        yDomain: [0, 3],
        legend: 'class',
        highlights: { 'support vectors': [[1, 1]] },
      },
    }),
  },
  graph: {
    plain: graph({
      nodes: [{ id: 'x' }, { id: 'y' }, { id: '+' }],
      edges: [
        { from: 'x', to: '+' },
        { from: 'y', to: '+', label: '5' },
      ],
    }),
    options: graph(
      {
        nodes: [
          { id: 1, label: 'x', detail: '-2\n∂ -4', kind: 'input' },
          { id: 2, label: 'σ', kind: 'operation' },
        ],
        edges: [{ from: 1, to: 2 }],
      },
      { direction: 'right', title: 'A neuron' },
    ),
    gradients: graph({
      nodes: [
        { id: 0, name: 'relu', shape: [64, 10], variable: null },
        { id: 1, name: 'AccumulateGrad', shape: [64, 10], variable: 'weight' },
      ],
      edges: [{ from: 0, to: 1 }],
    }),
    single: graph({ nodes: [{ id: 'alone' }], edges: [] }),
  },
  grid: {
    plain: grid([lines([1, 2]), bar(['a'], [1]), heatmap([[1, 2]]), images([[[1, 2]]])], { columns: 2, title: 'All' }),
    nested: grid([grid([lines([1, 2]), lines({ a: [1, 2], b: [2, 1] })]), scatter([[1, 2]])]),
  },
  heatmap: {
    plain: heatmap([
      [1, 2, 3],
      [4, Number.NaN, 6],
    ]),
    printed: heatmap(
      [
        [1, -0.5],
        [-0.5, 1],
      ],
      { print: true, ramp: 'diverging', rowLabels: ['a', 'b'], columnLabels: ['a', 'b'] },
    ),
    picture: heatmap(
      Array.from({ length: 100 }, (_, i) => Array.from({ length: 100 }, (_, j) => Math.sin(i / 10) * j)),
      { valueLabel: 'weight', xLabel: 'from', yLabel: 'to' },
    ),
  },
  histogram: {
    plain: histogram([1, 2, 2, 3, 3, 3, 4, 4, 5]),
    groups: histogram(
      { before: [1, 2, 3, 4], after: [2, 2, 2, 3] },
      { bins: [0, 2, 4, 6], density: true, legend: 'step' },
    ),
  },
  images: {
    plain: images(
      [
        [
          [0, 128],
          [255, 64],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ],
      { labels: ['one', 'two'] },
    ),
    colors: images({ data: new Uint8Array(2 * 3 * 4 * 4), shape: [2, 3, 4, 4] }, { columns: 1, title: 'CIFAR' }),
    weights: images([[-1, 0, 1, 2]], { shape: [2, 2], ramp: 'diverging', range: 'each' }),
  },
  lines: {
    plain: lines([3, 2, 1]),
    series: lines({ training: [3, 2, 1], validation: [3, Number.NaN, 2] }, { xLabel: 'epoch', yLabel: 'loss' }),
    log: lines({ a: [100, 10, 0], b: [1000, 10, 1] }, { yScale: 'log', x: [1, 10, 100], xScale: 'log', legend: 'run' }),
    bands: lines(
      { mean: { y: [1, 2, 3], low: [0, 1, 2], high: [2, 3, 4] }, median: [1, 1, 1] },
      { levels: { goal: 2.5 } },
    ),
    clipped: lines([1, 100, 1], { yDomain: [0, 2], xDomain: [1, 3] }),
    many: lines(Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`layer ${k + 1}`, [k, k + 1]]))),
    long: lines(Array.from({ length: 5000 }, (_, i) => Math.sin(i / 100))),
  },
  dendrogram: {
    plain: dendrogram({
      children: [
        [0, 1],
        [2, 3],
      ],
      distances: [0.5, 2],
    }),
    clusters: dendrogram(
      {
        children: [
          [0, 1],
          [2, 3],
          [4, 5],
          [6, 7],
        ],
        distances: [0.5, 0.7, 2, 3],
      },
      { labels: ['a', 'b', 'c', 'd', 'e'], threshold: 1, xLabel: 'animals' },
    ),
    last: dendrogram(chain(60), { maxLeaves: 5, threshold: 57.5 }),
  },
  margins: {
    plain: margins((rows) => rows.map(([x, y]) => x! + y!), line, [0, 0, 1, 1]),
    support: margins((rows) => rows.map(([x, y]) => 2 * (x! * y! - 1)), line, ['b', 'b', 'a', 'a'], {
      ...{ support: [1, 3], resolution: 30, legend: 'kind', xDomain: [-3, 3] },
    }),
    beside: margins((rows) => rows.map(() => 5), line, [0, 0, 1, 1]),
  },
  scoreCurve: {
    plain: scoreCurve(scores),
    depths: scoreCurve(scores, { xScale: 'log', xLabel: 'depth', yLabel: 'accuracy', testName: 'cross-validation' }),
  },
  joint: {
    plain: joint({ x: [1, 2, 3, 4, 7], y: [2, 1, 4, 3, 5] }, { xLabel: 'size', yLabel: 'price' }),
    points: joint({ x: [1, 2, Number.NaN], y: [2, 1, 4] }, { fit: false }),
  },
  residuals: {
    plain: residuals([1, 2, 3, 4, 5], [0.1, -0.2, 0.3, -0.1, 2]),
    bare: residuals([1, 1, Number.NaN], [0.1, -0.2, 1], { smooth: false, mark: 0 }),
    constant: residuals([1, 1, 1, 1], [0.1, -0.2, 1, 0]),
  },
  roc: {
    one: roc({ fpr: [0, 0, 0.5, 1], tpr: [0, 0.5, 1, 1] }),
    several: roc({ tree: { fpr: [0, 1], tpr: [0, 1] }, forest: { fpr: [0, 0, 1], tpr: [0, 1, 1] } }),
  },
  scree: {
    plain: scree([4, 3, 2, 1]),
    shares: scree([0.5, 0.2], { total: 1, threshold: 0.7, cumulative: false }),
  },
  regression: {
    plain: regression([
      [0, 1],
      [1, 3],
      [2, 5.5],
    ]),
    curve: regression(
      { x: [0, 1, Number.NaN], y: [1, 2, 3] },
      { fit: (x) => x * x, band: (x) => [x * x - 1, x * x + 1], xDomain: [-1, 2] },
    ),
  },
  scatter: {
    plain: scatter([
      [1, 2],
      [3, 4],
    ]),
    options: scatter(
      { x: [1, 2, 3, 4], y: [1, 10, 100, 0] },
      {
        ...{
          groups: ['a', 'b', 'a', 'b'],
          sizes: [1, 2, 3, 4],
          labels: ['w', 'x', 'y', 'z'],
          yScale: 'log',
          legend: 'class',
        },
        highlights: {
          centroids: [
            [1, 1],
            [2, 2],
          ],
          start: [[3, 3]],
        },
      },
    ),
  },
};

/** All samples with names such as 'lines: log'. */
export const allSamples: [name: string, spec: VegaLiteSpec][] = Object.entries(samples).flatMap(([plot, specs]) =>
  Object.entries(specs).map(([name, spec]): [string, VegaLiteSpec] => [`${plot}: ${name}`, spec]),
);
