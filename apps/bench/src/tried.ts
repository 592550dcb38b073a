/**
 * What was tried for bars that are missed. The page prints the entries of those that its run missed, and says which missed ones have none.
 *
 * An entry stands under what misses the bar: the id of a row (`npm run bench -- --list`), or the name that a bound's table gives it ("tensor's core", 'stats: OLS').
 * A row may miss bars against several rivals, so an entry of a row says whom its figures are of; one of a table says its unit:
 *
 *   matmul32: [{ of: 'jax-js', kept: 0.89, instead: { 'a tile of 4 x 12': 0.93, 'panels of 128 rows': 0.9 } }],
 *   'stats: OLS': [{ unit: 'KB', kept: 53.6, instead: { 'without formulas': 39.1 } }],
 *
 * `kept` is what stands in the code, `instead` three alternatives or more, all of them measured in turns in one run; smaller is better.
 */
export interface Tried {
  /** The rival that the ratios are of; or else the unit of the figures. */
  readonly of?: string;
  readonly unit?: 'KB' | 'ms';
  readonly kept: number;
  readonly instead: Readonly<Record<string, number>>;
}

export const tried: Readonly<Record<string, readonly Tried[]>> = {
  "tensor's core": [
    {
      unit: 'KB',
      kept: 20.9,
      instead: {
        'printing left out': 20,
        'pow by its twin alone, without WebAssembly': 20.3,
        'matmul by its twin alone': 18.9,
        'no method pow': 17.3,
        'no method matmul, though a.matmul(b) is what everybody writes': 17.2,
        'neither method': 13.5,
        'no WebAssembly at all': 16,
      },
    },
  ],
};
