import { DataError } from '@maru-ml/base';
import { asSaved, decodeArray, encodeArray, savedBoolean, savedCount, savedNumber, savedString } from '@maru-ml/tensor';
import { COV_TYPES } from '../covariance.ts';
import { loadSource, saveSource } from '../design.ts';
import type { CovarianceState } from '../regression/statistics.ts';
import type { GlmState } from './glm-model.ts';
import { checkOptions, type GLMOptions } from './settings.ts';

/** The numbers that are saved as one array, in this order; they may be NaN. */
const NUMBERS = ['scale', 'deviance', 'nullDeviance', 'pearsonChi2', 'llf', 'llnull', 'weightSum'] as const;

/** The JSON form of a generalized linear model. */
export function saveGlm({ settings, core, covariance, source, nMissing }: GlmState): object {
  const k = core.params.length;
  return {
    type: 'GLMModel',
    version: 1,
    settings,
    nobs: core.nobs,
    nMissing,
    rank: core.rank,
    hasConstant: core.hasConstant,
    nIter: core.nIter,
    converged: core.converged,
    exact: core.exact,
    params: encodeArray(core.params),
    normalizedCov: encodeArray(core.normalizedCov, [k, k]),
    numbers: encodeArray(Float64Array.from(NUMBERS, (name) => core[name])),
    covariance: saveCovariance(covariance, k),
    source: saveSource(source),
  };
}

/** The other way. @throws DataError for what is missing or does not fit */
export function loadGlm(fields: Record<string, unknown>): GlmState {
  const owner = 'GLMModel.fromJSON';
  const source = loadSource(owner, fields.source);
  const k = source.names.length;
  const array = (name: string, shape: number[]) =>
    decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: name === 'params' });
  const numbers = array('numbers', [NUMBERS.length]);
  const named = Object.fromEntries(NUMBERS.map((name, i) => [name, numbers[i]!])) as Record<
    (typeof NUMBERS)[number],
    number
  >;
  return {
    settings: loadSettings(owner, fields.settings, (options) => checkOptions(options as GLMOptions)),
    core: {
      ...named,
      nobs: savedCount(owner, fields, 'nobs'),
      rank: savedCount(owner, fields, 'rank'),
      hasConstant: savedBoolean(owner, fields, 'hasConstant'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      exact: savedBoolean(owner, fields, 'exact'),
      params: array('params', [k]),
      normalizedCov: array('normalizedCov', [k, k]),
    },
    covariance: loadCovariance(owner, fields.covariance, k),
    source,
    nMissing: savedCount(owner, fields, 'nMissing'),
  };
}

/** The JSON form of the covariance of k coefficients. */
export function saveCovariance({ covType, cov, description, useT, dfInference }: CovarianceState, k: number): object {
  return { covType, cov: encodeArray(cov, [k, k]), description, useT, dfInference };
}

/** The other way. @throws DataError for what is missing or does not fit */
export function loadCovariance(owner: string, json: unknown, k: number): CovarianceState {
  const fields = Object(json) as Record<string, unknown>;
  return {
    covType: savedString(owner, fields, 'covType', COV_TYPES),
    cov: decodeArray(owner, 'cov', fields.cov, { dtype: 'float64', shape: [k, k] }),
    description: savedString(owner, fields, 'description'),
    useT: savedBoolean(owner, fields, 'useT'),
    dfInference: savedNumber(owner, fields, 'dfInference'),
  };
}

/** Settings that stand the check of options. @throws DataError for others */
export function loadSettings<S>(owner: string, json: unknown, check: (options: object) => S): S {
  if (typeof json !== 'object' || json === null) throw new DataError(`${owner}: settings are missing`);
  return asSaved(owner, () => check(json));
}
