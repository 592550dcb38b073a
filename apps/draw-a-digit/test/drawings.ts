import type { Point, Stroke } from '../src/handwriting.ts';

/** A drawing of each digit, as one would write it. */
export const drawings: readonly (readonly Stroke[])[] = [
  [arc([0.5, 0.5], [0.2, 0.33], -90, 270)],
  [
    [
      [0.35, 0.32],
      [0.52, 0.15],
      [0.52, 0.85],
    ],
  ],
  [[...arc([0.5, 0.35], [0.2, 0.18], -170, 40), [0.3, 0.82], [0.75, 0.82]]],
  [[...arc([0.47, 0.33], [0.18, 0.17], -150, 90), ...arc([0.47, 0.66], [0.2, 0.18], -90, 150)]],
  [
    [
      [0.42, 0.15],
      [0.25, 0.58],
      [0.78, 0.58],
    ],
    [
      [0.6, 0.35],
      [0.6, 0.88],
    ],
  ],
  [[[0.68, 0.17], [0.35, 0.17], [0.33, 0.45], ...arc([0.48, 0.62], [0.2, 0.2], -120, 140)]],
  [[[0.6, 0.15], [0.45, 0.3], [0.34, 0.5], ...arc([0.5, 0.66], [0.17, 0.18], 180, -180)]],
  [
    [
      [0.28, 0.18],
      [0.72, 0.18],
      [0.42, 0.86],
    ],
    [
      [0.4, 0.5],
      [0.68, 0.5],
    ],
  ],
  [[...arc([0.52, 0.32], [0.16, 0.16], 0, -270), ...arc([0.48, 0.67], [0.18, 0.18], -90, 270), [0.68, 0.32]]],
  [[...arc([0.48, 0.35], [0.17, 0.18], 0, -360), [0.65, 0.35], [0.6, 0.86]]],
];

/** Part of an ellipse, by angles in degrees, clockwise from three o'clock. */
function arc([x, y]: Point, [radiusX, radiusY]: Point, from: number, to: number): Point[] {
  const steps = 16;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)];
  });
}
