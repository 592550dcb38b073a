import { OptionError, ShapeError, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import type { ClassCriterion, NumberCriterion } from './criteria.ts';
import type { Tree } from './tree.ts';

/** A fitted tree of either kind. */
export interface TreeModel {
  readonly tree: Tree;
  readonly nFeaturesIn: number;
  readonly criterion: ClassCriterion | NumberCriterion;
  /** The labels [k], where it tells classes. */
  readonly classes?: readonly Label[];
}

export interface NameOptions {
  /** The names of the columns [d]; 'feature_0', 'feature_1', …. */
  featureNames?: readonly string[];
  /** The names of the classes [k] in the order of `classes`; the labels. */
  classNames?: readonly string[];
}

/** Checks names, or takes those that a model has by itself. @throws OptionError, ShapeError */
export function checkNames(
  owner: string,
  name: 'featureNames' | 'classNames',
  names: readonly string[] | undefined,
  own: readonly string[],
): readonly string[] {
  if (names === undefined) return own;
  if (!Array.isArray(names) || !names.every((text) => typeof text === 'string')) {
    throw new OptionError(`${owner}: ${name} must be an array of strings, got ${show(names)}`);
  }
  if (names.length === own.length) return names;
  const has =
    name === 'classNames' ? counted(own.length, 'class', 'classes') : counted(own.length, 'column', 'columns');
  throw new ShapeError(`${owner}: ${name} has ${counted(names.length, 'name', 'names')}, but the model has ${has}`);
}

/**
 * The names of the classes, given or its labels; null for a model of numbers, which has none. @throws OptionError, ShapeError
 */
export function classNamesOf(
  owner: string,
  { classes }: TreeModel,
  names: readonly string[] | undefined,
): readonly string[] | null {
  const checked = checkNames(owner, 'classNames', names, (classes ?? []).map(String));
  return classes === undefined ? null : checked;
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Checks that it is a fitted tree. @throws OptionError */
export function checkTreeModel(owner: string, model: TreeModel): void {
  if (typeof model === 'object' && model !== null && 'tree' in model && 'nFeaturesIn' in model) return;
  throw new OptionError(`${owner}: model must be a fitted decision tree, got ${show(model)}`);
}

/** `feature_0`, `feature_1`, …. */
export function columnNames(d: number, prefix: string, suffix = ''): string[] {
  return Array.from({ length: d }, (_, j) => `${prefix}${j}${suffix}`);
}

/** The place of the largest share of a node, of equals the first. */
export function classOf({ value, width }: Tree, node: number): number {
  let best = 0;
  for (let c = 1; c < width; c++) if (value[node * width + c]! > value[node * width + best]!) best = c;
  return best;
}

/** The weight of each class in a node, or its number. */
export function countsOf(tree: Tree, node: number): number[] {
  const width = tree.width;
  const values = Array.from(tree.value.subarray(node * width, (node + 1) * width));
  if (width === 1) return values;
  // The product takes back a division, so that whole counts come out whole but for rounding.
  return values.map((share) => clean(share * tree.weightedNNodeSamples[node]!));
}

function clean(count: number): number {
  const whole = Math.round(count);
  return Math.abs(count - whole) <= 1e-9 * Math.max(1, whole) ? whole : count;
}

/** The categories that go left, `[1, 4, 7]`, or the first of many. */
export function categoriesText({ categories }: Tree, node: number): string {
  const { start, leftCount, values } = categories!;
  const from = start[node]!;
  const shown = Array.from(values.subarray(from, from + Math.min(leftCount[node]!, MOST_CATEGORIES)));
  return `[${shown.join(', ')}${leftCount[node]! > MOST_CATEGORIES ? ', …' : ''}]`;
}

/** Whether a node asks for a category. */
export function asksCategory({ categories }: Tree, node: number): boolean {
  return categories !== null && categories.start[node + 1]! > categories.start[node]!;
}

const MOST_CATEGORIES = 12;

/** A number with so many decimals, a half going to the even digit as in Python. */
export function fixed(value: number, decimals: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  const rounded = value.toFixed(decimals);
  // A hundred decimals hold every number that can lie in the middle exactly.
  const [whole = '', fraction = ''] = Math.abs(value).toFixed(100).split('.');
  if (!/^50*$/.test(fraction.slice(decimals))) return rounded;
  const kept = decimals === 0 ? whole : `${whole}.${fraction.slice(0, decimals)}`;
  if (Number(kept[kept.length - 1]) % 2 === 1) return rounded;
  return value < 0 ? `-${kept}` : kept;
}
