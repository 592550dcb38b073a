import { DataError } from '@maru-ml/base';
import { decodeArray, encodeArray, savedBoolean, savedCount, savedNumber, savedString } from '@maru-ml/tensor';
import { COV_TYPES } from '../covariance.ts';
import type { DesignTerm } from '../design.ts';
import { loadSource, saveSource } from '../design.ts';
import type { RegressionState } from './model.ts';

/** The sums and tests that are saved as one array, in this order; they may be NaN. */
const SUMS = ['ssr', 'centeredTss', 'uncenteredTss', 'logWeights'] as const;
const TESTS = [
  'omnibus',
  'omnibusPvalue',
  'jarqueBera',
  'jarqueBeraPvalue',
  'skew',
  'kurtosis',
  'durbinWatson',
] as const;

/** The JSON form of a regression. */
export function saveRegression({ core, covariance, source, terms, nMissing }: RegressionState): object {
  const k = core.params.length;
  const height = core.triangle.length / (k + 1);
  return {
    type: 'RegressionModel',
    version: 1,
    kind: core.kind,
    nobs: core.nobs,
    nMissing,
    rank: core.rank,
    hasConstant: core.hasConstant,
    constant: core.constant,
    constantResponse: core.constantResponse,
    params: encodeArray(core.params),
    normalizedCov: encodeArray(core.normalizedCov, [k, k]),
    eigenvals: encodeArray(core.eigenvals),
    triangle: encodeArray(core.triangle, [height, k + 1]),
    sums: encodeArray(Float64Array.from(SUMS, (name) => core[name])),
    residuals: encodeArray(Float64Array.from(TESTS, (name) => core.residuals[name])),
    covType: covariance.covType,
    cov: encodeArray(covariance.cov, [k, k]),
    description: covariance.description,
    useT: covariance.useT,
    dfInference: covariance.dfInference,
    source: saveSource(source),
    terms,
  };
}

/** The other way. @throws DataError for what is missing or does not fit */
export function loadRegression(fields: Record<string, unknown>): RegressionState {
  const owner = 'RegressionModel.fromJSON';
  const source = loadSource(owner, fields.source);
  const k = source.names.length;
  const array = (name: string, shape: number[]) =>
    decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: name === 'params' });
  const sums = array('sums', [SUMS.length]);
  const tests = array('residuals', [TESTS.length]);
  const named = <N extends string>(names: readonly N[], values: Float64Array) =>
    Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<N, number>;
  return {
    core: {
      kind: savedString(owner, fields, 'kind', ['OLS', 'WLS']),
      nobs: savedCount(owner, fields, 'nobs'),
      rank: savedCount(owner, fields, 'rank', { max: k }),
      hasConstant: savedBoolean(owner, fields, 'hasConstant'),
      constant: savedNumber(owner, fields, 'constant'),
      constantResponse: savedBoolean(owner, fields, 'constantResponse'),
      params: array('params', [k]),
      normalizedCov: array('normalizedCov', [k, k]),
      eigenvals: array('eigenvals', [-1]),
      triangle: array('triangle', [-1, k + 1]),
      ...named(SUMS, sums),
      residuals: named(TESTS, tests),
    },
    covariance: {
      covType: savedString(owner, fields, 'covType', COV_TYPES),
      cov: array('cov', [k, k]),
      description: savedString(owner, fields, 'description'),
      useT: savedBoolean(owner, fields, 'useT'),
      dfInference: savedNumber(owner, fields, 'dfInference'),
    },
    source,
    terms: savedTerms(owner, fields.terms, k),
    nMissing: savedCount(owner, fields, 'nMissing'),
  };
}

function savedTerms(owner: string, value: unknown, k: number): DesignTerm[] {
  const good =
    Array.isArray(value) &&
    value.every((term) => {
      const { name, factors, start, end } = Object(term) as Partial<DesignTerm>;
      return typeof name === 'string' && Array.isArray(factors) && start! >= 0 && end! >= start! && end! <= k;
    });
  if (!good) throw new DataError(`${owner}: terms must name their columns, from start to before end`);
  return value as DesignTerm[];
}
