import * as base from '@maru-ml/base';
import { OptionError, type Random } from '@maru-ml/base';
import * as bayes from '@maru-ml/bayes';
import * as cluster from '@maru-ml/cluster';
import * as datasets from '@maru-ml/datasets';
import * as ensemble from '@maru-ml/ensemble';
import * as linalg from '@maru-ml/linalg';
import * as linear from '@maru-ml/linear';
import * as metrics from '@maru-ml/metrics';
import * as modelSelection from '@maru-ml/model-selection';
import * as neighbors from '@maru-ml/neighbors';
import * as nn from '@maru-ml/nn';
import * as optim from '@maru-ml/optim';
import * as preprocessing from '@maru-ml/preprocessing';
import * as stats from '@maru-ml/stats';
import * as svm from '@maru-ml/svm';
import * as tensor from '@maru-ml/tensor';
import { fromBytes, toBytes } from '@maru-ml/tensor';
import * as text from '@maru-ml/text';
import { mutateBytes, mutateJson } from '@maru-ml/tooling/testing/mutate';
import * as tree from '@maru-ml/tree';
import type { Case, Reader } from '../reader.ts';
import { type Header, mutateSafetensors } from './arrays.ts';
import { type Made, makers } from './makers.ts';
import { checkUsable } from './usable.ts';

/** Packages by the name of their folder. */
export const packages: Readonly<Record<string, object>> = {
  base,
  bayes,
  cluster,
  datasets,
  ensemble,
  linalg,
  linear,
  metrics,
  'model-selection': modelSelection,
  neighbors,
  nn,
  optim,
  preprocessing,
  stats,
  svm,
  tensor,
  text,
  tree,
};

interface Loadable {
  fromJSON(json: unknown, options?: object): object;
}

/** What loads models, of every package: classes, or objects beside them. */
export const classes: Readonly<Record<string, Loadable>> = Object.fromEntries(
  Object.values(packages)
    .flatMap((exported) => Object.entries(exported))
    .filter(([, value]) => typeof (value as Partial<Loadable> | null)?.fromJSON === 'function'),
);

/** What composite models need for loading: the classes of their parts. */
const OPTIONS = { classes };

interface Saved extends Made {
  readonly Model: Loadable;
  readonly json: unknown;
  readonly bytes: Uint8Array;
}

/** Fits a model of every class and saves it. */
export async function saveAll(): Promise<Saved[]> {
  const saved: Saved[] = [];
  for (const [name, make] of Object.entries(makers)) {
    for (const made of await make()) {
      const json = JSON.parse(JSON.stringify(made.model));
      saved.push({ ...made, Model: classes[name]!, json, bytes: toBytes(made.model) });
    }
  }
  return saved;
}

/** A damaged name of a class or function is one that the caller has not handed over. */
const NOT_HANDED_OVER =
  /, whose class is not in classes, |; give it as \{ classes: |; hand (it|functions) over |as fromJSON\(json, /;

export const notHandedOver = (error: Error): boolean =>
  error instanceof OptionError && NOT_HANDED_OVER.test(error.message);

/** The readers of models: the cases go round all of them. */
export function modelReaders(saved: readonly Saved[]): Reader[] {
  const reader = (name: string, draw: (of: Saved, random: Random) => Case): Reader => ({
    name,
    mayThrow: notHandedOver,
    draw: (random, i) => draw(saved[i % saved.length]!, random),
  });
  return [
    reader('models-json', ({ Model, json, x }, random) => {
      const given = mutateJson(json, random);
      return { given, run: () => checkUsable(Model.fromJSON(given, OPTIONS), x, given) };
    }),
    reader('models-bytes', ({ Model, bytes, x }, random) => {
      const given = random.integer(2)
        ? mutateBytes(bytes, random)
        : mutateSafetensors(bytes, random, (header) => changed(header, random));
      return { given, run: () => checkUsable(fromBytes(Model as never, given, OPTIONS as never), x, undefined) };
    }),
  ];
}

/** Every case of a model without one of its fields: what `Model.fromJSON` gets, with null in one place after the other. */
export function* nulled(saved: readonly Saved[]): Generator<Case> {
  for (const { Model, json, x } of saved) {
    for (const place of placesIn(json)) {
      const given = structuredClone(json);
      const holder = place.slice(0, -1).reduce<unknown>((tree, key) => (tree as Tree)[key], given);
      (holder as Tree)[place.at(-1)!] = null;
      yield { given, run: () => checkUsable(Model.fromJSON(given, OPTIONS), x, given) };
    }
  }
}

type Tree = Record<string, unknown>;

/** The keys that lead to each value in a tree of JSON. */
function placesIn(json: unknown): string[][] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => [[key], ...placesIn(value).map((rest) => [key, ...rest])]);
}

/** A header whose own JSON, or that of the model in it, is damaged. */
function changed(header: Header, random: Random): unknown {
  if (random.integer(2)) return mutateJson(header, random);
  const model = JSON.stringify(mutateJson(JSON.parse(header.__metadata__.maru!), random));
  return { ...header, __metadata__: { maru: model } };
}
