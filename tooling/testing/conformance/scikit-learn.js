/**
 * The checks of scikit-learn's `check_estimator` (sklearn/utils/estimator_checks.py of release 1.8), and what becomes of
 * each here: our checks name those that they stand for, and the rest does not apply, for the reason given.
 */

/** @type {Record<string, string>} */
export const NOT_APPLICABLE = {
  check_array_api_input: 'there is one tensor type, and forms of input are checked by their own check',
  check_array_api_same_namespace: 'there is one tensor type',
  check_class_weight_balanced_linear_classifier: 'for packages with classWeight, in their own tests',
  check_class_weight_classifiers: 'for packages with classWeight, in their own tests',
  check_classifier_multioutput: 'one target at a time',
  check_classifier_not_supporting_multiclass: 'traits tell classifiers of two classes, whose own tests refuse a third',
  check_classifiers_multilabel_output_format_decision_function: 'one label for each row',
  check_classifiers_multilabel_output_format_predict: 'one label for each row',
  check_classifiers_multilabel_output_format_predict_proba: 'one label for each row',
  check_classifiers_multilabel_representation_invariance: 'one label for each row',
  check_dataframe_column_names_consistency: 'models of tables with names keep them; their packages test it',
  check_do_not_raise_errors_in_init_or_set_params: 'here the constructor checks the options, so that errors come early',
  check_estimator_tags_renamed: 'traits are given to the checks, not carried by estimators',
  check_estimators_fit_returns_self: 'fit returns a model, another value',
  check_estimators_unfitted: 'an estimator has no predict, so that predicting before fitting does not compile',
  check_f_contiguous_array_estimator: 'tensors are stored row by row only',
  check_fit_check_is_fitted: 'an estimator has no fitted state',
  check_fit_non_negative: 'for packages that need numbers ≥ 0, in their own tests',
  check_fit_score_takes_y: 'parameters are typed',
  check_mixin_order: 'there is no inheritance between estimators',
  check_mixins: 'there is no inheritance between estimators',
  check_nonsquare_error: 'for packages that take distances, in their own tests',
  check_outlier_contamination: 'only IsolationForest has contamination, in its own tests',
  check_outliers_fit_predict: 'fit gives a model, whose predict is asked',
  check_pipeline_consistency: 'tested where pipelines are, in model-selection',
  check_positive_only_tag_during_fit: 'for packages that need numbers ≥ 0, in their own tests',
  check_regressor_multioutput: 'one target at a time',
  check_sample_weights_pandas_series: 'there is no such container here',
  check_sparsify_coefficients: 'there is no sparsify',
  check_transformers_unfitted: 'an estimator has no transform, so that transforming before fitting does not compile',
  check_transformers_unfitted_stateless: 'an estimator has no transform',
  check_valid_tag_types: 'traits are typed',
};

/**
 * The table of scikit-learn's checks, in Markdown.
 * @param {Record<string, { name: string, like?: string[] }[]>} checksByKind
 */
export function scikitLearnTable(checksByKind) {
  /** @type {Map<string, Set<string>>} */
  const ours = new Map();
  for (const { name, like = [] } of Object.values(checksByKind).flat()) {
    for (const theirs of like) ours.set(theirs, (ours.get(theirs) ?? new Set()).add(name));
  }
  const names = [...new Set([...ours.keys(), ...Object.keys(NOT_APPLICABLE)])].sort();
  const rows = names.map((theirs) => {
    const here = [...(ours.get(theirs) ?? [])].join('; ');
    return `| ${theirs} | ${here === '' ? `does not apply: ${NOT_APPLICABLE[theirs]}` : here} |`;
  });
  return ['| scikit-learn | here |', '| --- | --- |', ...rows].join('\n');
}
