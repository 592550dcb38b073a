import { checkInteger, checkNumber, checkOneOf, OptionError, show } from '@maru-ml/base';
import { isLabel } from '@maru-ml/tensor';
import { checkSearch, SEARCH_OPTIONS, type SearchOptions, type SearchSettings } from './search.ts';
import type { NeighborWeights } from './votes.ts';

export interface KNeighborsOptions extends SearchOptions {
  /** The number k of neighbors; 5. */
  nNeighbors?: number;
  /** How much each neighbor counts: all alike, or by the inverse of its distance; 'uniform'. */
  weights?: NeighborWeights;
}

/** The options with their defaults. */
export type KNeighborsSettings = SearchSettings & Readonly<{ nNeighbors: number; weights: NeighborWeights }>;

export const K_OPTIONS: readonly string[] = ['nNeighbors', 'weights', ...SEARCH_OPTIONS];

export function checkKNeighbors(owner: string, options: KNeighborsOptions): KNeighborsSettings {
  const { nNeighbors = 5, weights = 'uniform' } = options;
  checkInteger(owner, 'nNeighbors', nNeighbors, { min: 1 });
  return Object.freeze({ nNeighbors, weights: checkWeights(owner, weights), ...jsonable(checkSearch(owner, options)) });
}

export interface RadiusOptions extends SearchOptions {
  /** Neighbors are at most so far away; 1. */
  radius?: number;
  /** How much each neighbor counts: all alike, or by the inverse of its distance; 'uniform'. */
  weights?: NeighborWeights;
}

export type RadiusSettings = SearchSettings & Readonly<{ radius: number; weights: NeighborWeights }>;

export const RADIUS_OPTIONS: readonly string[] = ['radius', 'weights', ...SEARCH_OPTIONS];

export function checkRadius(owner: string, options: RadiusOptions): RadiusSettings {
  const { radius = 1, weights = 'uniform' } = options;
  checkNumber(owner, 'radius', radius, { min: 0 });
  return { radius, weights: checkWeights(owner, weights), ...jsonable(checkSearch(owner, options)) };
}

function checkWeights(owner: string, weights: NeighborWeights): NeighborWeights {
  return checkOneOf(owner, 'weights', weights, ['uniform', 'distance']);
}

/** Options survive JSON, which knows no infinity: minkowski's p is then Chebyshev's metric. */
function jsonable(settings: SearchSettings): SearchSettings {
  if (Number.isFinite(settings.p)) return settings;
  return { ...settings, metric: settings.metric === 'minkowski' ? 'chebyshev' : settings.metric, p: 2 };
}

/** What is given to outliers, which have no neighbor. */
export function checkOutlier(owner: string, label: unknown): string | number | boolean | null {
  if (label === null || isLabel(label)) return label;
  throw new OptionError(`${owner}: outlierLabel must be a label or null, got ${show(label)}`);
}
