import { checkSampleWeight, type FitOptions } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassWeight,
  type Label,
  type MatrixLike,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { type ClassCriterion, classCriterion, timesClassWeight } from '@maru-ml/tree/grow';
import {
  FittedForestClassifier,
  type ForestClassifierModel,
  type ForestClassifierName,
} from '../forest-classifier-model.ts';
import { type ForestRows, outOfBag } from './fit.ts';
import type { ForestKind, ForestSettings } from './options.ts';

/** The options of forests of classes with their defaults. */
export type ForestClassifierSettings = ForestSettings &
  Readonly<{ criterion: ClassCriterion; classWeight: ClassWeight | null }>;

/** What a forest of classes learns from. */
export function rowsOfClasses<L extends Label>(
  kind: ForestKind<ForestClassifierName>,
  { criterion, classWeight, oobScore, nEstimators: wanted }: ForestClassifierSettings,
  input: MatrixLike,
  y: ArrayLike<L>,
  { sampleWeight }: FitOptions,
): ForestRows<ForestClassifierModel<L>> {
  const { owner } = kind;
  const x = toMatrix(owner, input, { allowMissing: true });
  const { classes, codes } = toLabels(owner, y, x.rows);
  const given = checkSampleWeight(owner, sampleWeight, x.rows);
  const weights = timesClassWeight(owner, given, classWeight, classes, codes);
  const k = classes.length;
  return {
    x,
    target: { kind: 'classes', codes, k, criterion },
    criterionFor: (drawn) => classCriterion(criterion, codes, k, drawn),
    weights,
    *modelOf(grown) {
      const fit = { classes, trees: grown.trees, columns: x.columns, wanted };
      if (!oobScore) return new FittedForestClassifier(owner, { ...fit, oobDecisionFunction: null, oobScore: null });
      const { means, rows, weights: own } = yield* outOfBag(kind, grown, x, weights);
      const predicted = rows.map((i) => bestClass(means, i * k, k));
      const score = accuracyOf(
        predicted,
        rows.map((i) => codes[i]!),
        own,
      );
      return new FittedForestClassifier(owner, { ...fit, oobDecisionFunction: means, oobScore: score });
    },
  };
}
