import { type RegressionDataset, regressionDataset, splitTarget } from './dataset.ts';
import { packed } from './embedded/boston.ts';
import { unpack } from './packed.ts';

/**
 * Housing values in 506 areas of Boston, 1970: thirteen columns and the median value of owner-occupied homes in $1000
 * (16 values are cut off at 50). It is here so that the many studies of it can be repeated, with their column names. Column `B` is a
 * function of the share of Black residents and rests on a segregationist assumption, for which scikit-learn removed the set:
 * prefer another one for teaching.
 *
 * Origin: D. Harrison and D. L. Rubinfeld, "Hedonic prices and the demand for clean air", Journal of Environmental Economics
 * and Management 5 (1978); the table is that of R's package MASS. License: none stated; a table of facts.
 */
export function boston(): RegressionDataset {
  const { x, target } = splitTarget(unpack(packed), packed.rows);
  return regressionDataset({
    name: 'boston',
    x,
    y: target,
    featureNames: 'CRIM ZN INDUS CHAS NOX RM AGE DIS RAD TAX PTRATIO B LSTAT'.split(' '),
    targetName: 'MEDV',
    description: `Boston housing: thirteen columns on 506 areas (crime, zoning, industry, river, nitric oxides, rooms, age, distance, highways, tax, pupils per teacher, 1000 (Bk - .63)², lower status) and the median value of homes in $1000.
Column B rests on a segregationist assumption, for which scikit-learn removed the set; it is kept to repeat studies.
Origin: StatLib, as in R's package MASS; equal to the file that scikit-learn carried.
License: none stated; a table of facts, which R distributes in MASS.
Cite: D. Harrison and D. L. Rubinfeld, "Hedonic prices and the demand for clean air", Journal of Environmental Economics and Management 5, 81-102, 1978.`,
  });
}
