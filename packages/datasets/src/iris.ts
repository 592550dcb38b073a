import { type ClassDataset, classDataset, splitTarget } from './dataset.ts';
import { packed } from './embedded/iris.ts';
import { unpack } from './packed.ts';

/**
 * Fisher's iris flowers: four lengths of 150 flowers, 50 of each of three species. Setosa is linearly separable from the others,
 * versicolor and virginica overlap. The numbers are Fisher's (as in R and scikit-learn); UCI's copy has two wrong rows.
 *
 * Origin: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7 (1936); measured by
 * E. Anderson. License: UCI offers the set under CC BY 4.0.
 */
export function iris(): ClassDataset {
  const { x, target } = splitTarget(unpack(packed), packed.rows);
  return classDataset({
    name: 'iris',
    x,
    y: Int32Array.from(target),
    featureNames: ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'],
    targetName: 'species',
    targetNames: ['setosa', 'versicolor', 'virginica'],
    description: `Iris flowers: lengths and widths of the sepals and petals of 150 flowers of three species.
Origin: measured by E. Anderson, printed by Fisher; the numbers are those of R and scikit-learn (UCI's copy has two wrong rows).
License: CC BY 4.0 (https://archive.ics.uci.edu/dataset/53/iris).
Cite: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7(2), 179-188, 1936.`,
  });
}
