import { readFileSync } from 'node:fs';

/** A fixture made by make_metrics.py. */
export function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** `{ sampleWeight }`, or nothing where there are no weights. */
export function weighted(weights: number[] | null): { sampleWeight?: number[] } {
  return weights === null ? {} : { sampleWeight: weights };
}
