import { type ClassDataset, classDataset, splitTarget } from './dataset.ts';
import { packed } from './embedded/breast-cancer.ts';
import { unpack } from './packed.ts';

const MEASURES = [
  'radius',
  'texture',
  'perimeter',
  'area',
  'smoothness',
  'compactness',
  'concavity',
  'concave points',
  'symmetry',
  'fractal dimension',
];

/**
 * Breast cancer Wisconsin (diagnostic): 569 tumors, 212 malignant (class 0) and 357 benign (class 1). Ten measures of the cell
 * nuclei in an image, each as mean, standard error and mean of the three largest: thirty columns.
 *
 * Origin: W. N. Street, W. H. Wolberg and O. L. Mangasarian, "Nuclear feature extraction for breast tumor diagnosis",
 * SPIE 1905 (1993); UCI machine learning repository. License: CC BY 4.0.
 */
export function breastCancer(): ClassDataset {
  const { x, target } = splitTarget(unpack(packed), packed.rows);
  return classDataset({
    name: 'breast cancer',
    x,
    y: Int32Array.from(target),
    featureNames: [
      ...MEASURES.map((measure) => `mean ${measure}`),
      ...MEASURES.map((measure) => `${measure} error`),
      ...MEASURES.map((measure) => `worst ${measure}`),
    ],
    targetName: 'diagnosis',
    targetNames: ['malignant', 'benign'],
    description: `Breast cancer Wisconsin (diagnostic): thirty measures of cell nuclei of 569 tumors, malignant or benign.
Origin: UCI machine learning repository; the numbers and their order are those of scikit-learn.
License: CC BY 4.0 (https://archive.ics.uci.edu/dataset/17/breast+cancer+wisconsin+diagnostic).
Cite: W. Wolberg, O. Mangasarian, N. Street and W. Street, "Breast Cancer Wisconsin (Diagnostic)", UCI Machine Learning Repository, 1993, doi:10.24432/C5DW2B.`,
  });
}
