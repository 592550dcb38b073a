import { DataError } from '@maru-ml/base';
import {
  decodeArray,
  encodeArray,
  savedBoolean,
  savedCount,
  savedLabels,
  savedNumber,
  savedString,
} from '@maru-ml/tensor';
import { loadSource, saveSource } from '../design.ts';
import { loadCovariance, loadSettings, saveCovariance } from '../glm/saving.ts';
import type { ChoiceKind } from './choice.ts';
import type { DiscreteState } from './discrete-model.ts';
import { checkDiscrete } from './settings.ts';

/** The JSON form of a model of a choice. */
export function saveDiscrete({ settings, core, covariance, source, classes, nMissing }: DiscreteState): object {
  const size = core.params.length;
  return {
    type: 'DiscreteModel',
    version: 1,
    kind: core.kind,
    settings,
    classes,
    nobs: core.nobs,
    nMissing,
    rank: core.rank,
    nIter: core.nIter,
    converged: core.converged,
    predictedShare: core.predictedShare,
    params: encodeArray(core.params),
    normalizedCov: encodeArray(core.normalizedCov, [size, size]),
    llf: core.llf,
    llnull: core.llnull,
    covariance: saveCovariance(covariance, size),
    source: saveSource(source),
  };
}

/** The other way. @throws DataError for what is missing or does not fit */
export function loadDiscrete(fields: Record<string, unknown>): DiscreteState {
  const owner = 'DiscreteModel.fromJSON';
  const kinds: readonly ChoiceKind[] = ['Logit', 'Probit', 'MNLogit'];
  const kind = savedString(owner, fields, 'kind', kinds);
  const source = loadSource(owner, fields.source);
  const classes = savedLabels(owner, fields, 'classes');
  if (classes.length < 2 || (kind !== 'MNLogit' && classes.length !== 2)) {
    throw new DataError(`${owner}: classes must be two${kind === 'MNLogit' ? ' or more' : ''}, got ${classes.length}`);
  }
  const size = (classes.length - 1) * source.names.length;
  const array = (name: string, shape: number[]) =>
    decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: name === 'params' });
  return {
    settings: loadSettings(owner, fields.settings, (options) => checkDiscrete(kind, options)),
    core: {
      kind,
      nobs: savedCount(owner, fields, 'nobs'),
      rank: savedCount(owner, fields, 'rank'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      predictedShare: savedNumber(owner, fields, 'predictedShare'),
      params: array('params', [size]),
      normalizedCov: array('normalizedCov', [size, size]),
      llf: savedNumber(owner, fields, 'llf'),
      llnull: savedNumber(owner, fields, 'llnull'),
    },
    covariance: loadCovariance(owner, fields.covariance, size),
    source,
    classes,
    nMissing: savedCount(owner, fields, 'nMissing'),
  };
}
