/** The criteria of classes; 'logLoss' is another name of 'entropy'. */
export const CLASS_CRITERIA = ['gini', 'entropy', 'logLoss'] as const;
/** The criteria of numbers. */
export const NUMBER_CRITERIA = ['squaredError', 'friedmanMse', 'absoluteError', 'poisson'] as const;

export type ClassCriterion = (typeof CLASS_CRITERIA)[number];
export type NumberCriterion = (typeof NUMBER_CRITERIA)[number];
