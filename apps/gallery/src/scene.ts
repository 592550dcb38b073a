import { Random } from '@maru-ml/base';

/** A picture [height, width, 3] of bytes. */
export interface Picture {
  data: Uint8ClampedArray;
  shape: readonly [height: number, width: number, colors: 3];
}

type Color = readonly [number, number, number];

/** An evening at a lake, drawn by formulas: something colorful to segment where there are no photographs. */
export function eveningScene(height = 72, width = 96, seed = 1): Picture {
  const random = new Random(seed);
  const data = new Uint8ClampedArray(height * width * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [r, g, b] = colorAt(column / width, row / height);
      const grain = random.normal(0, 5);
      data.set([r + grain, g + grain, b + grain], (row * width + column) * 3);
    }
  }
  return { data, shape: [height, width, 3] };
}

/** The color at x from the left and y from the top, both from 0 to 1. */
function colorAt(x: number, y: number): Color {
  const shore = 0.62;
  const far = 0.42 + 0.1 * Math.sin(9 * x) + 0.03 * Math.sin(31 * x);
  const near = 0.56 + 0.07 * Math.sin(5 * x + 2) + 0.012 * Math.sin(60 * x);
  const sky = (height: number): Color => mix([58, 92, 160], [250, 176, 112], height / 0.5);
  const meadow = 0.88 + 0.03 * Math.sin(4 * x);
  if (y > meadow) return mix([70, 110, 44], [40, 72, 30], (y - meadow) / 0.12);
  if (y > shore) {
    // The lake mirrors the sky, darker, with the sun's path across it.
    const path = Math.abs(x - 0.7) < 0.025 + 0.1 * (y - shore) && Math.sin(160 * y + 20 * x) > -0.2;
    return path ? [252, 214, 140] : mix(sky(0.5 - (y - shore)), [24, 44, 84], 0.45);
  }
  if (y > near) return mix([38, 62, 52], [26, 40, 40], (y - near) / 0.1);
  if (y > far) return mix([112, 104, 140], [86, 84, 112], (y - far) / 0.2);
  const sun = Math.hypot((x - 0.7) * 4, (y - 0.24) * 3);
  return sun < 0.25 ? [255, 236, 170] : sky(y);
}

function mix(a: Color, b: Color, share: number): Color {
  const t = Math.min(1, Math.max(0, share));
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}
