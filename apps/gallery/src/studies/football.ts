import { Random } from '@maru-ml/base';
import { PCA } from '@maru-ml/linalg';
import { bar } from '@maru-ml/plot';
import { StandardScaler } from '@maru-ml/preprocessing';
import { backwardElimination, OLS } from '@maru-ml/stats';
import type { Study } from '../study.ts';

type Players = Record<string, Float64Array>;

/** A15: do followers tell something of a player's price that goals do not? */
export const football: Study = {
  row: 'A15',
  title: 'Selecting columns: prices of football players',
  source: '000, linear regression, toy project',
  run(context) {
    context.shrunk(
      'The source’s table of players is not public: 360 players are made up here, whose price follows their play and their followers. The gains are therefore not comparable, only that each model gains.',
    );
    const all = players(360);
    const forwards = some(all, (i) => all.forward![i] === 1);
    const gains: [name: string, source: number, before: number, after: number][] = [];
    for (const [name, source, table, make] of [
      ['domain, attack and midfield', 14.74, all, domain],
      ['domain, attack', 28.99, forwards, domain],
      ['elimination by p, attack and midfield', 3.03, all, elimination],
      ['domain components and elimination, attack', 67.89, forwards, domainComponents],
      ['domain components and elimination, both', 6.17, all, domainComponents],
      ['components by variance and elimination', 12.91, all, variance],
    ] as const) {
      gains.push([name, source, make(table, []), make(table, NETWORKS)]);
    }
    context.text(
      'Six ways to choose columns for a regression of the logarithm of the price: by what is known of the game, by p-values (the largest is left out until all are below .05), and by principal components of what belongs together. Each is fitted without and with what social networks say: followers, mentions and searches.',
    );
    context.table(
      ['model', 'R² without', 'R² with', 'gain', 'gain in the source'],
      gains.map(([name, source, before, after]) => [
        name,
        before.toFixed(3),
        after.toFixed(3),
        `+${(100 * (after / before - 1)).toFixed(2)} %`,
        `+${source.toFixed(2)} %`,
      ]),
    );
    context.plot(
      bar(
        gains.map(([name]) => name),
        { without: gains.map(([, , before]) => before), 'with networks': gains.map(([, , , after]) => after) },
        { horizontal: true, xLabel: 'R²' },
      ),
      'Followers add to every model.',
    );
    const rising = gains.filter(([, , before, after]) => after > before).length;
    context.figure('models of six whose R² rises with social networks', 6, rising);
    const model = new OLS().fit(`price ~ ${[...DOMAIN, ...NETWORKS].join(' + ')}`, all);
    context.code(String(model.summary({ slim: true })));
  },
};

const DOMAIN = ['goals', 'assists', 'keyPasses'];
const PLAY = ['goals', 'shots', 'assists', 'keyPasses', 'passes', 'dribbles', 'tackles', 'minutes', 'age', 'height'];
const NETWORKS = ['followers', 'mentions', 'searches'];
/** What belongs together. */
const AREAS = {
  shooting: ['goals', 'shots'],
  passing: ['assists', 'keyPasses', 'passes'],
  running: ['dribbles', 'tackles', 'minutes'],
};

function domain(table: Players, more: readonly string[]): number {
  return new OLS().fit(`price ~ ${[...DOMAIN, ...more].join(' + ')}`, table).rsquared;
}

function elimination(table: Players, more: readonly string[]): number {
  return backwardElimination(new OLS(), `price ~ ${[...PLAY, ...more].join(' + ')}`, table).model.rsquared;
}

/** The first component of each area of the game. */
function domainComponents(table: Players, more: readonly string[]): number {
  const parts = Object.entries(AREAS).map(([area, names]) => [area, components(table, names, 1)[0]!] as const);
  const columns = { ...table, ...Object.fromEntries(parts) };
  return backwardElimination(new OLS(), `price ~ ${[...Object.keys(AREAS), ...more].join(' + ')}`, columns).model
    .rsquared;
}

/** As many components of all columns as explain 70 % of the variance. */
function variance(table: Players, more: readonly string[]): number {
  const found = components(table, [...PLAY, ...more], 0.7);
  const columns = { price: table.price!, ...Object.fromEntries(found.map((column, i) => [`pc${i + 1}`, column])) };
  const formula = `price ~ ${found.map((_, i) => `pc${i + 1}`).join(' + ')}`;
  return backwardElimination(new OLS(), formula, columns).model.rsquared;
}

/** Principal components of standardized columns. */
function components(table: Players, names: readonly string[], nComponents: number): Float64Array[] {
  const n = table.price!.length;
  const rows = Array.from({ length: n }, (_, i) => names.map((name) => table[name]![i]!));
  const x = new StandardScaler().fit(rows).transform(rows);
  const z = new PCA({ nComponents }).fit(x).transform(x);
  const [, k] = z.shape;
  return Array.from({ length: k }, (_, c) => Float64Array.from({ length: n }, (_, i) => z.data[i * k + c]!));
}

function some(table: Players, keep: (row: number) => boolean): Players {
  return Object.fromEntries(Object.entries(table).map(([name, column]) => [name, column.filter((_, i) => keep(i))]));
}

/** Players whose skill shows in their play, whose fame follows skill and chance, and whose price follows both. */
function players(n: number): Players {
  const random = new Random(15);
  const names = ['forward', 'price', ...PLAY, ...NETWORKS];
  const table = Object.fromEntries(names.map((name) => [name, new Float64Array(n)]));
  for (let i = 0; i < n; i++) {
    const forward = Number(random.uniform() < 0.45);
    const skill = random.normal();
    const fame = 0.4 * skill + 0.9 * random.normal();
    const minutes = Math.max(200, random.normal(1900 + 300 * skill, 600));
    const share = minutes / 2700;
    const values: Record<string, number> = {
      forward,
      minutes,
      shots: share * Math.max(5, (forward ? 70 : 35) + 14 * skill + random.normal(0, 9)),
      goals: share * Math.max(0, (forward ? 11 : 4) + 3 * skill + random.normal(0, 2.5)),
      assists: share * Math.max(0, (forward ? 4 : 6) + 2 * skill + random.normal(0, 2)),
      keyPasses: share * Math.max(2, (forward ? 28 : 42) + 9 * skill + random.normal(0, 9)),
      passes: share * Math.max(200, (forward ? 700 : 1500) + 120 * skill + random.normal(0, 150)),
      dribbles: share * Math.max(3, 40 + 10 * skill + random.normal(0, 15)),
      tackles: share * Math.max(2, (forward ? 14 : 45) + random.normal(0, 8)),
      age: random.normal(26, 3.5),
      height: random.normal(181, 6),
      followers: 12 + fame + random.normal(0, 0.5),
      mentions: 7 + 0.9 * fame + random.normal(0, 0.6),
      searches: 9 + 0.8 * fame + random.normal(0, 0.7),
    };
    values.price =
      15.6 + 0.55 * skill + 0.45 * fame + 0.25 * forward - 0.03 * (values.age! - 26) + random.normal(0, 0.35);
    for (const [name, value] of Object.entries(values)) table[name]![i] = value;
  }
  return table;
}
