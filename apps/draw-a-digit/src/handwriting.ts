/** A point on the drawing area, whose left upper corner is [0, 0] and right lower one [1, 1]. */
export type Point = readonly [x: number, y: number];

/** Where the pen went between two liftings. */
export type Stroke = readonly Point[];

/** A picture in the form of the data, and where it lies. */
export interface Digit {
  /** The ink of 8 x 8 pixels, line by line: how many of the 4 x 4 points of each are dark, 0 to 16. */
  readonly ink: Float32Array;
  /** The picture's frame on the drawing area. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** The data were made from bitmaps of 32 x 32 points. */
const POINTS = 32;
/** So many points of a bitmap are dark in the data's mean, whatever the digit: a one has thick lines, an eight thin ones. */
const DARK = 312;
/** The height of all digits in the data, and the width of the wider ones. */
const HEIGHT = 32;
const WIDTH = 26;
/** Scales up to this many points for the side of the drawing area, so that a dot stays one. */
const LARGEST = 1000;

/**
 * Brings what was drawn to the form of the data, without which a net does not recognize it: moved to the middle, scaled to the full
 * height, with a pen so thick that as much is dark as in the data; null for no strokes.
 */
export function toDigit(strokes: readonly Stroke[]): Digit | null {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const [left, right] = extent(points.map(([x]) => x));
  const [top, bottom] = extent(points.map(([, y]) => y));

  // The pen's radius decides how much of the height is left for its path, and the path how thick the pen must be.
  let radius = 3;
  let distances: Float32Array = new Float32Array();
  let scaleX = 1;
  let scaleY = 1;
  for (let round = 0; round < 4; round++) {
    // What is wider than high keeps its form up to a point, and so does a dot.
    scaleX = (WIDTH - 2 * radius) / (right - left);
    scaleY = Math.min((HEIGHT - 2 * radius) / (bottom - top), 4 * scaleX, LARGEST);
    scaleX = Math.min(scaleX, scaleY);
    const place = ([x, y]: Point): Point => [
      POINTS / 2 + (x - (left + right) / 2) * scaleX,
      POINTS / 2 + (y - (top + bottom) / 2) * scaleY,
    ];
    distances = distancesTo(strokes.map((stroke) => stroke.map(place)));
    radius = Math.min(Math.max(distances.slice().sort()[DARK]!, 1.3), 5.5);
  }

  const ink = new Float32Array(64);
  for (const [i, distance] of distances.entries()) {
    if (distance > radius) continue;
    const [row, column] = [Math.floor(i / POINTS), i % POINTS];
    ink[8 * (row >> 2) + (column >> 2)]! += 1;
  }
  const [width, height] = [POINTS / scaleX, POINTS / scaleY];
  return { ink, frame: { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height } };
}

function extent(values: readonly number[]): [least: number, largest: number] {
  return [Math.min(...values), Math.max(...values)];
}

/** How far each point of the bitmap is from the nearest place on a stroke. */
function distancesTo(strokes: readonly Stroke[]): Float32Array {
  const squares = new Float32Array(POINTS * POINTS).fill(Number.POSITIVE_INFINITY);
  for (const stroke of strokes) {
    for (const [i, [toX, toY]] of stroke.entries()) {
      const [fromX, fromY] = stroke[Math.max(0, i - 1)]!;
      const [dx, dy] = [toX - fromX, toY - fromY];
      const length = dx * dx + dy * dy || 1;
      for (let at = 0; at < squares.length; at++) {
        const x = (at % POINTS) + 0.5 - fromX;
        const y = (at - (at % POINTS)) / POINTS + 0.5 - fromY;
        // The foot of the perpendicular, or the end of the segment that is nearest.
        const share = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
        const square = (x - share * dx) ** 2 + (y - share * dy) ** 2;
        if (square < squares[at]!) squares[at] = square;
      }
    }
  }
  return squares.map(Math.sqrt);
}
