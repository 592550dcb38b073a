import { Random } from '@maru-ml/base';
import { readCsv } from '@maru-ml/datasets';
import { bar, correlation, histogram, joint } from '@maru-ml/plot';
import { correlationTable, missingTable } from '@maru-ml/stats';
import type { Columns } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** A8: what a table of apps says before any model: missing values, outliers, logarithms, correlations. */
export const googlePlay: Study = {
  row: 'A8',
  title: 'Looking at data: the Google Play Store',
  source: '000, EDA',
  async run(context) {
    const file = context.find('google-play/googleplaystore.csv.gz');
    if (file === null)
      context.shrunk('Without --data 2,000 apps are made up, so that no figure is that of the source.');
    const raw = file === null ? madeUp() : await readCsv(file, { separator: ';', encoding: 'cp1252' });
    const isReal = file !== null;

    const missing = missingTable(raw);
    context.text(
      'First what is missing. Two rows are broken: one lacks its type, and one its category, so that all further fields stand a place too far left and the rating is 19.',
    );
    context.code(String(missing));
    const rating = raw.Rating as Float64Array;
    const broken = Array.from(rating.keys()).filter((i) => raw.Type![i] === null || rating[i]! > 5);
    const apps = without(raw, broken);
    const n = apps.App!.length;
    compare(context, isReal, 'rows', 10841, rating.length);
    compare(context, isReal, 'rows without the broken ones', 10839, n);
    const counts = missingTable(apps).columns;
    compare(context, isReal, 'missing ratings', 1473, counts.Rating!.missing);
    compare(context, isReal, 'missing current versions', 8, counts['Current Ver']!.missing);
    compare(context, isReal, 'missing Android versions', 2, counts['Android Ver']!.missing);

    context.text(
      'Text becomes numbers: 19M and 201k, 10,000+, $4.99. An app that nobody has rated gets 0, as in the source, since unrated apps have few installs:',
    );
    const numbers = numericColumns(apps);
    const unrated = Array.from(numbers.Installs!.keys()).filter((i) => numbers.Rating![i] === 0);
    const installed = unrated.map((i) => numbers.Installs![i]!).filter((installs) => installs > 0);
    compare(context, isReal, 'mean installs of unrated apps that have any', 4095, Math.floor(mean(installed)));
    compare(context, isReal, 'mean installs / 10,000', 1546, Math.floor(mean(Array.from(numbers.Installs!)) / 1e4));
    const sorted = numbers.Installs!.slice().sort();
    compare(context, isReal, 'median installs', 100_000, sorted[sorted.length >> 1]!);

    const table = correlationTable(numbers);
    const at = table.names.indexOf('Reviews_log');
    const r = (name: string) => table.correlations.data[at * table.names.length + table.names.indexOf(name)]!;
    context.text('Installs and reviews span seven powers of ten, so their logarithms are taken; 0 stays 0.');
    for (const [name, printed] of Object.entries(CORRELATIONS)) {
      compare(context, isReal, `correlation of Reviews_log and ${name}`, printed, r(name), { digits: 4 });
    }
    context.erratum(
      'The source does not say what it does with the logarithm of 0, and no reading of it gives its last three correlations: ours are .963, .596 and -.042 where 0 stays 0.',
    );
    context.plot(
      correlation(table.correlations, { labels: table.names, width: 250, height: 250 }),
      'Reviews go with installs; the price with nothing.',
    );
    context.plot(
      joint({ x: numbers.Reviews_log!, y: numbers.Rating! }, { xLabel: 'Reviews_log', yLabel: 'Rating' }),
      'More reviews, better ratings; the row of zeros are the unrated apps.',
    );
    const rated = numbers.Rating!.filter((value) => value > 0);
    context.figure(
      'share of rated apps with 4 or more',
      null,
      rated.filter((value) => value >= 4).length / rated.length,
    );
    context.erratum('“Almost 90 % have a rating of 4”: of the rated apps 78.7 % have 4 or more.');
    context.plot(histogram(rated, { bins: 40, xLabel: 'rating' }), 'Ratings pile up above 4.');
    const categories = countsOf(apps.Category as (string | null)[]).slice(0, 12);
    context.plot(
      bar(
        categories.map(([name]) => name),
        categories.map(([, count]) => count),
        { horizontal: true, print: true, xLabel: 'apps', title: 'The largest categories' },
      ),
      'Families and games; few are social.',
    );
  },
};

const CORRELATIONS = {
  Reviews: 0.289243,
  Installs: 0.31473,
  Installs_log: 0.956188,
  Rating: 0.499426,
  Price: -0.028723,
};

/** A figure beside the source's, if the data are the source's. */
function compare(
  context: Context,
  isReal: boolean,
  name: string,
  printed: number,
  ours: number,
  comparison = { digits: 6 },
): void {
  context.figure(name, isReal ? printed : null, ours, isReal ? comparison : {});
}

function without(columns: Columns, rows: readonly number[]): Columns {
  const left = new Set(rows);
  const filtered = Object.entries(columns).map(([name, column]) => {
    return [name, (column as (string | null)[]).filter((_, i) => !left.has(i))];
  });
  return Object.fromEntries(filtered) as Columns;
}

function numericColumns(apps: Columns): Record<string, Float64Array> {
  const numbers = (name: string, read: (text: string) => number) =>
    Float64Array.from(apps[name] as ArrayLike<string | number | null>, (value) => read(String(value ?? '')));
  const Installs = numbers('Installs', (text) => Number(text.replace(/[+,]/g, '')));
  const Reviews = numbers('Reviews', Number);
  const logarithm = (value: number) => (value === 0 ? 0 : Math.log(value));
  return {
    Rating: numbers('Rating', (text) => Number(text) || 0),
    Reviews,
    Installs,
    Price: numbers('Price', (text) => Number(text.replace('$', ''))),
    Installs_log: Installs.map(logarithm),
    Reviews_log: Reviews.map(logarithm),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function countsOf(labels: readonly (string | null)[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Apps whose reviews follow their installs; of the columns of the real table. */
function madeUp(): Columns {
  const random = new Random(8);
  const n = 2000;
  const size = Array.from({ length: n }, () => Math.floor(random.uniform(0, 8)));
  const reviews = size.map((exponent) => Math.floor(10 ** Math.max(0, exponent - 1.5 + random.normal(0, 0.4))));
  return {
    App: size.map((_, i) => `app ${i}`),
    Category: size.map(() => ['FAMILY', 'GAME', 'TOOLS', 'SOCIAL'][random.weighted([4, 3, 2, 1])]!),
    Rating: Float64Array.from(reviews, (count, i) =>
      i === 7
        ? 19
        : count < 3
          ? Number.NaN
          : Math.min(5, Math.max(1, 3.6 + Math.log10(count) / 8 + random.normal(0, 0.4))),
    ),
    Reviews: reviews.map(String),
    Installs: size.map((exponent) => `${(10 ** exponent).toLocaleString('en-US')}+`),
    Type: size.map((_, i) => (i === 3 ? null : 'Free')),
    Price: size.map(() => (random.uniform() < 0.1 ? '$0.99' : '0')),
    'Current Ver': size.map((_, i) => (i % 250 === 1 ? null : '1.0')),
    'Android Ver': size.map((_, i) => (i % 1000 === 1 ? null : '4.0')),
  };
}
