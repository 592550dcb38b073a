import { type ClassDataset, classDataset, splitTarget } from './dataset.ts';
import { packed } from './embedded/wine.ts';
import { unpack } from './packed.ts';

/**
 * Chemical analysis of 178 wines of one region of Italy: thirteen measurements, three growers (59, 71 and 48 wines).
 * The scales of the columns differ by a factor of a thousand, so this is the set to try a scaler on.
 *
 * Origin: M. Forina et al., PARVUS (1988); UCI machine learning repository. License: CC BY 4.0.
 */
export function wine(): ClassDataset {
  const { x, target } = splitTarget(unpack(packed), packed.rows);
  return classDataset({
    name: 'wine',
    x,
    y: Int32Array.from(target),
    featureNames: [
      'alcohol',
      'malic_acid',
      'ash',
      'alcalinity_of_ash',
      'magnesium',
      'total_phenols',
      'flavanoids',
      'nonflavanoid_phenols',
      'proanthocyanins',
      'color_intensity',
      'hue',
      'od280/od315_of_diluted_wines',
      'proline',
    ],
    targetName: 'class',
    targetNames: ['class_0', 'class_1', 'class_2'],
    description: `Wine recognition: thirteen chemical measurements of 178 Italian wines from three growers.
Origin: UCI machine learning repository, after Forina et al.; the numbers are those of scikit-learn.
License: CC BY 4.0 (https://archive.ics.uci.edu/dataset/109/wine).
Cite: S. Aeberhard and M. Forina, "Wine", UCI Machine Learning Repository, 1992, doi:10.24432/C5PC7J.`,
  });
}
