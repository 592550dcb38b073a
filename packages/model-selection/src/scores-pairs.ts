/** Whether `decisionFunction` of a classifier's model gives a score for each pair of classes, not for each class. */
export function scoresPairs(model: unknown): boolean {
  const { classes, decisionFunctionShape } = Object(model) as {
    classes?: ArrayLike<unknown>;
    decisionFunctionShape?: unknown;
  };
  return decisionFunctionShape === 'ovo' && classes !== undefined && classes.length > 2;
}
