import type { Rgb } from './color.ts';
import type { Grid } from './marching-squares.ts';
import { pngUrl } from './png.ts';
import type { Size } from './spec.ts';

/**
 * What lies between ascending levels as a picture of the plot's own size, by bilinear interpolation, so that its edges run along the lines;
 * empty where the grid is not finite. There is one color more than levels.
 */
export function bandPicture(
  grid: Grid,
  levels: readonly number[],
  colors: readonly Rgb[],
  opacity: number,
  size: Size,
): string {
  const [width, height] = [Math.round(size.width), Math.round(size.height)];
  const palette = colors.map(([r, g, b]) => [r, g, b, Math.round(255 * opacity)] as const);
  const EMPTY = levels.length + 1;
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Pixels have their centers half a pixel in; the picture's first row is the greatest y.
      const x = ((column + 0.5) / width) * (grid.columns - 1);
      const y = (1 - (row + 0.5) / height) * (grid.rows - 1);
      const value = interpolate(grid, x, y);
      let band = 0;
      while (band < levels.length && value >= levels[band]!) band++;
      pixels[row * width + column] = Number.isFinite(value) ? band : EMPTY;
    }
  }
  return pngUrl({ width, height, pixels, palette: [...palette, [0, 0, 0, 0]] });
}

function interpolate({ values, columns, rows }: Grid, x: number, y: number): number {
  const [i, j] = [Math.min(Math.floor(x), columns - 2), Math.min(Math.floor(y), rows - 2)];
  const [s, t] = [x - i, y - j];
  const at = j * columns + i;
  const bottom = values[at]! + s * (values[at + 1]! - values[at]!);
  const top = values[at + columns]! + s * (values[at + columns + 1]! - values[at + columns]!);
  return bottom + t * (top - bottom);
}
