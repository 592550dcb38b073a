import { DataError, type RandomState, streamFromState } from '@maru-ml/base';
import { decodeArray, encodeArray, savedNumber } from '@maru-ml/tensor';
import type { SgdState } from './sgd.ts';

/** Coefficients of 0, to begin with. */
export function freshState(k: number, d: number, averaged: boolean): SgdState {
  return {
    coef: new Float64Array(k * d),
    intercept: new Float64Array(k),
    averageCoef: averaged ? new Float64Array(k * d) : null,
    averageIntercept: averaged ? new Float64Array(k) : null,
    t: 1,
  };
}

export function copyState({ coef, intercept, averageCoef, averageIntercept, t }: SgdState): SgdState {
  return {
    coef: coef.slice(),
    intercept: intercept.slice(),
    averageCoef: averageCoef?.slice() ?? null,
    averageIntercept: averageIntercept?.slice() ?? null,
    t,
  };
}

/** The state of one of k scores, on the same memory. */
export function stateOf(state: SgdState, c: number): SgdState {
  const d = state.coef.length / state.intercept.length;
  return {
    coef: state.coef.subarray(c * d, (c + 1) * d),
    intercept: state.intercept.subarray(c, c + 1),
    averageCoef: state.averageCoef?.subarray(c * d, (c + 1) * d) ?? null,
    averageIntercept: state.averageIntercept?.subarray(c, c + 1) ?? null,
    t: state.t,
  };
}

/** What predictions are made with: the averages, once there are any. */
export function answerOf(state: SgdState, average: number): { coef: Float64Array; intercept: Float64Array } {
  const { averageCoef, averageIntercept } = state;
  if (averageCoef === null || average > state.t - 1) return { coef: state.coef, intercept: state.intercept };
  return { coef: averageCoef, intercept: averageIntercept! };
}

/** The state as it stands in a model's JSON form. */
export function stateToJSON({ coef, intercept, averageCoef, averageIntercept, t }: SgdState): object {
  const shape = [intercept.length, coef.length / intercept.length];
  return {
    coef: encodeArray(coef, shape),
    intercept: encodeArray(intercept),
    averageCoef: averageCoef === null ? null : encodeArray(averageCoef, shape),
    averageIntercept: averageIntercept === null ? null : encodeArray(averageIntercept),
    t,
  };
}

/** @throws DataError if it is no such state of k scores */
export function savedState(owner: string, saved: unknown, k: number): SgdState {
  const fields = (saved ?? {}) as Record<string, unknown>;
  const coef = decodeArray(owner, 'state.coef', fields.coef, { dtype: 'float64', shape: [k, -1], finite: true });
  const shape = [k, coef.length / k];
  const floats = (name: string, of: number[]) =>
    decodeArray(owner, `state.${name}`, fields[name], { dtype: 'float64', shape: of, finite: true });
  const averaged = fields.averageCoef !== null;
  return {
    coef,
    intercept: floats('intercept', [k]),
    averageCoef: averaged ? floats('averageCoef', shape) : null,
    averageIntercept: averaged ? floats('averageIntercept', [k]) : null,
    t: savedNumber(owner, fields, 't'),
  };
}

/** The generator that a saved model goes on with. @throws DataError if it is none */
export function savedRandom(owner: string, saved: unknown): RandomState {
  try {
    return streamFromState(saved as RandomState).state;
  } catch {
    throw new DataError(`${owner}: random must be the state of a generator`);
  }
}
