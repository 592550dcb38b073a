import { type ClassDataset, classDataset } from './dataset.ts';
import { labels, pixels } from './embedded/digits.ts';

/** The digits, with the shape of an image. */
export interface Digits extends ClassDataset {
  /** Channels, height and width of an image: a row of `x` is one, line by line. */
  readonly imageShape: readonly [1, 8, 8];
}

const COUNT = 1797;
const SIZE = 64;

/**
 * Handwritten digits: 1797 images of 8 x 8 pixels with ink from 0 to 16, some 180 of each digit. It is the test part of UCI's
 * optical recognition set, written by 13 people.
 *
 * Origin: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI machine learning repository (1998).
 * License: CC BY 4.0.
 */
export function digits(): Digits {
  const dataset = classDataset({
    name: 'digits',
    x: { data: inks(pixels), shape: [COUNT, SIZE] },
    y: Int32Array.from(labels.replaceAll('\n', ''), Number),
    featureNames: Array.from({ length: SIZE }, (_, j) => `pixel_${Math.floor(j / 8)}_${j % 8}`),
    targetName: 'digit',
    targetNames: Array.from('0123456789'),
    description: `Handwritten digits: 1797 images of 8 x 8 pixels, each the number of dark points (0 to 16) in a block of 4 x 4.
Origin: the test part of UCI's optical recognition of handwritten digits; the numbers are those of scikit-learn.
License: CC BY 4.0 (https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits).
Cite: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998, doi:10.24432/C50P49.`,
  });
  return { ...dataset, imageShape: [1, 8, 8] };
}

/** Reads the ink of all pixels: a small letter is the ink of one (a = 1), a capital letter a run of blank ones (A = 1). */
function inks(text: string): Float64Array {
  const values = new Float64Array(COUNT * SIZE);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 97) values[at++] = code - 96;
    else if (code >= 65) at += code - 64;
  }
  return values;
}
