/** A point in the plane. */
export type Point = { x: number; y: number };

/** The share of the points that a place of the line is drawn from. */
const SPAN = 2 / 3;
/** Places of the line. */
const PLACES = 40;

/**
 * A smooth line through points: at each of some places the line of least squares through the nearest points, which weigh
 * (1 - |d|³)³ by their distance d in x relative to the farthest of them. O(n) for each place.
 *
 * W. Cleveland, 1979 (without the robustness iterations).
 */
export function lowess(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const n = sorted.length;
  const near = Math.max(3, Math.ceil(SPAN * n));
  const [first, last] = [sorted[0]!.x, sorted[n - 1]!.x];
  if (first === last) return [];
  let from = 0;
  return Array.from({ length: PLACES + 1 }, (_, place) => {
    const x = first + ((last - first) * place) / PLACES;
    // The window of the nearest points moves to the right only.
    while (from + near < n && sorted[from + near]!.x - x < x - sorted[from]!.x) from++;
    return { x, y: lineAt(x, sorted.slice(from, from + near)) };
  });
}

/** What the weighted line of least squares through the points says at x. */
function lineAt(x: number, window: readonly Point[]): number {
  const farthest = Math.max(x - window[0]!.x, window.at(-1)!.x - x);
  let [total, sumX, sumY] = [0, 0, 0];
  const weights = window.map((point) => {
    const distance = farthest === 0 ? 0 : Math.abs(point.x - x) / (1.0001 * farthest);
    const weight = (1 - distance ** 3) ** 3;
    total += weight;
    sumX += weight * point.x;
    sumY += weight * point.y;
    return weight;
  });
  const [meanX, meanY] = [sumX / total, sumY / total];
  let [xx, xy] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    xx += weight * (window[i]!.x - meanX) ** 2;
    xy += weight * (window[i]!.x - meanX) * (window[i]!.y - meanY);
  }
  return xx === 0 ? meanY : meanY + (xy / xx) * (x - meanX);
}
