import { colorEncoding } from './axes.ts';
import { type Points, readPoints } from './data.ts';
import type { Polyline } from './marching-squares.ts';
import type { Size, VegaLiteSpec } from './spec.ts';
import { HALO } from './theme.ts';

/** A part of the plane. */
export interface Domain {
  x: [number, number];
  y: [number, number];
}

/** Named paths, each from a dot to a larger one. */
export function pathLayers(
  owner: string,
  paths: Readonly<Record<string, Points>>,
  domain: Domain,
  size: Size,
): VegaLiteSpec[] {
  const names = Object.keys(paths);
  if (names.length === 0) return [];
  const all = names.map((name) => readPath(owner, name, paths[name]!, domain, size));
  const rows = all.flatMap((path, p) => path.map(([x, y]) => ({ path: names[p]!, x, y })));
  const ends = (end: 'start' | 'end') =>
    all.flatMap((path, p) => {
      const place = end === 'start' ? path[0] : path.at(-1);
      return place === undefined ? [] : [{ path: names[p]!, x: place[0], y: place[1] }];
    });
  const color = colorEncoding('path', names, size.width);
  const halo = { stroke: HALO, strokeWidth: 1 };
  return [
    {
      data: { values: rows },
      encoding: { order: { value: null } },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 4, color: HALO, opacity: 0.7, strokeJoin: 'round', clip: true },
          encoding: { detail: { field: 'path', type: 'nominal' } },
        },
        { mark: { type: 'line', strokeWidth: 2, strokeJoin: 'round', clip: true }, encoding: { color } },
        {
          data: { values: ends('start') },
          mark: { type: 'point', filled: true, size: 50, opacity: 1, clip: true, ...halo },
          encoding: { fill: { ...color, legend: null } },
        },
        {
          data: { values: ends('end') },
          mark: { type: 'point', filled: true, size: 80, opacity: 1, clip: true, ...halo, strokeWidth: 2.5 },
          encoding: { fill: { ...color, legend: null } },
        },
      ],
    },
  ];
}

/** A path up to its first point that is not finite, without steps of less than half a pixel. */
function readPath(owner: string, name: string, source: Points, { x, y }: Domain, size: Size): Polyline {
  const points = readPoints(owner, `paths.${name}`, source);
  const [unitX, unitY] = [(x[1] - x[0]) / size.width, (y[1] - y[0]) / size.height];
  const wrong = points.x.findIndex((value, i) => !Number.isFinite(value) || !Number.isFinite(points.y[i]));
  const n = wrong < 0 ? points.x.length : wrong;
  const kept: Polyline = [];
  for (let i = 0; i < n; i++) {
    const place: [number, number] = [points.x[i]!, points.y[i]!];
    const last = kept.at(-1);
    const moved = last === undefined || Math.hypot((place[0] - last[0]) / unitX, (place[1] - last[1]) / unitY) >= 0.5;
    if (moved || i === n - 1) kept.push(place);
  }
  return kept;
}

/** Leaves out places nearer than a third of a pixel to the line between those around them, and digits below a twentieth of one. */
export function simplify(line: Polyline, { x, y }: Domain, size: Size): Polyline {
  const [unitX, unitY] = [(x[1] - x[0]) / size.width, (y[1] - y[0]) / size.height];
  const kept: Polyline = [];
  let from = 0;
  const push = (i: number) => kept.push([roundTo(line[i]![0], unitX / 20), roundTo(line[i]![1], unitY / 20)]);
  push(0);
  for (let to = 2; to < line.length; to++) {
    const [ax, ay] = [line[from]![0] / unitX, line[from]![1] / unitY];
    const [dx, dy] = [line[to]![0] / unitX - ax, line[to]![1] / unitY - ay];
    const length = Math.hypot(dx, dy);
    for (let i = from + 1; i < to; i++) {
      const [px, py] = [line[i]![0] / unitX - ax, line[i]![1] / unitY - ay];
      // A line that turns back on itself has no direction; then the distance counts.
      const distance = length < 1e-9 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (distance > 0.35) {
        from = to - 1;
        push(from);
        break;
      }
    }
  }
  push(line.length - 1);
  return kept;
}

function roundTo(value: number, unit: number): number {
  const digits = Math.max(0, Math.ceil(-Math.log10(unit)));
  return Number(value.toFixed(Math.min(digits, 20)));
}
