/** Each kind of estimator: how it is called, what it is given, and its checks. */
import { classifier, classifierChecks } from './classifier.js';
import { clusterer, clustererChecks } from './clusterer.js';
import { commonChecks } from './common.js';
import { groups, line } from './data.js';
import { detector, detectorChecks } from './detector.js';
import { regressor, regressorChecks } from './regressor.js';
import { transformer, transformerChecks } from './transformer.js';

export const KINDS = {
  classifier: { kind: classifier, data: groups, checks: [...classifierChecks, ...commonChecks] },
  regressor: { kind: regressor, data: line, checks: [...regressorChecks, ...commonChecks] },
  clusterer: { kind: clusterer, data: groups, checks: [...clustererChecks, ...commonChecks] },
  detector: { kind: detector, data: groups, checks: [...detectorChecks, ...commonChecks] },
  transformer: { kind: transformer, data: groups, checks: [...transformerChecks, ...commonChecks] },
};
