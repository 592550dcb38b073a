/** The README's table of benchmarks, from the figures of a run. */
import type { ContenderFigures, Figures, RowFigures } from '../figures.ts';
import { barsMet, barsMissed, boundsMissed, fasterThanOurs } from './losses.ts';
import { against, disturbance, number, ours, rivals, table, time } from './words.ts';

const START = '<!-- benchmarks: written by `npm run bench -- --page` -->';
const END = '<!-- /benchmarks -->';

/** The rows that tell most, wins and losses. */
export const TELLING: readonly string[] = [
  ...[
    'matmul32',
    'matmul64',
    'exp',
    'xor',
    'mlp',
    'cnn',
    'conv',
    'svd',
    'eigh',
    'ols',
    'lasso',
    'logistic',
    'logistic-js',
  ],
  ...['predict-one', 'tree', 'forest', 'forest-predict', 'boosting-large', 'svc', 'knn', 'text-bayes'],
  ...['kmeans', 'gmm', 'dbscan', 'agglomerative', 'spectral'],
];

export function readmeText(figures: Figures): string {
  const telling = TELLING.flatMap((id) => figures.rows.filter((row) => row.id === id && ours(row) !== undefined));
  const lost = fasterThanOurs(figures, 'python')
    .filter(([row], i, all) => all.findIndex(([other]) => other === row) === i)
    .slice(0, 8);
  const inLanguage = fasterThanOurs(figures, 'js').slice(0, 5);
  const name = ([row, rival]: (typeof lost)[number]) =>
    `${row.title} (${number(Math.max(...rival.ratios!))} of ${rival.name})`;
  return [
    `Medians on one thread of ${figures.machine.processor} with Node ${figures.node.replace(/^v/, '')}, ${figures.date}, from one run of \`npm run bench\`, which measures them on your machine, in turns, and checks every answer. Ratios are ours divided by theirs: below 1 we are faster.`,
    ...disturbance(figures),
    table(['work', 'ours', 'ours / the best in this language', 'ours / Python'], 'lrrr', telling.map(cells)),
    `${barsMet(figures)} Missed are: ${barsMissed(figures) || 'none'}.`,
    `Above their bounds: ${boundsMissed(figures) || 'nothing'}.`,
    `Where we lose most to Python: ${lost.length === 0 ? 'nowhere' : lost.map(name).join(', ')}. Slower than another library of this language: ${inLanguage.length === 0 ? 'nowhere' : inLanguage.map(name).join(', ')}.`,
    '[docs/benchmarks.md](docs/benchmarks.md) has every row, with Python on all its threads, growth, cold starts, sizes and memory; [docs/parity.md](docs/parity.md) what each answer was held against.',
  ].join('\n\n');
}

function cells(row: RowFigures): string[] {
  const [python] = rivals(row, 'python');
  const js = named(rivals(row, 'js')).map((one) => against(one, false));
  return [row.title, time(ours(row)!.ms), js.join(', '), python === undefined ? '' : against(python, false)];
}

/** The nearest rival, and the others that have a bar; a wrong answer is no rival, but where there is no other, it is told. */
function named(all: readonly ContenderFigures[]): readonly ContenderFigures[] {
  const right = all.filter(({ right }) => right !== false);
  return right.length > 0 ? right.filter(({ bar }, i) => i === 0 || bar !== undefined) : all.slice(0, 1);
}

/** What stands there before a run was written. */
export const NO_RUN =
  'No run has been written yet: `npm run bench -- --page` measures and writes the table that belongs here.';

/** The README with the text between its markers. @throws Error if they are missing */
export function withBenchmarks(readme: string, text: string): string {
  const [from, to] = [readme.indexOf(START), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md: the lines '${START}' and '${END}' are missing`);
  return `${readme.slice(0, from + START.length)}\n${text}\n${readme.slice(to)}`;
}
