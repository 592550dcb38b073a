/** How large specifications and drawings are, and how long they take: `node packages/plot/scripts/measure.js`, after a build. */
import { contour, decisionRegions, heatmap, lines, scatter, toSvg } from '../dist/index.js';

const wave = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 5000) + (i % 997 === 0 ? 1 : 0));
const cloud = Array.from({ length: 300 }, (_, i) => [Math.sin(i * 12.9898) * 3, Math.cos(i * 78.233) * 3]);
const table = Array.from({ length: 100 }, (_, i) =>
  Array.from({ length: 100 }, (_, j) => Math.sin(i / 9) * Math.cos(j / 9)),
);

/** @type {[string, () => import('../src/index.ts').VegaLiteSpec][]} */
const plots = [
  ['lines of 100,000 points', () => lines(wave)],
  ['scatter of 300 points', () => scatter(cloud, { groups: cloud.map(([x = 0]) => x > 0) })],
  ['heatmap of 10,000 cells', () => heatmap(table)],
  [
    'decisionRegions of 10,000 places',
    () =>
      decisionRegions(
        (rows) => rows.map(([x = 0, y = 0]) => x * y > 0),
        cloud,
        cloud.map(() => true),
      ),
  ],
  ['contour with 12 levels', () => contour((x, y) => x ** 2 + 10 * y ** 2, { x: [-2, 2], y: [-2, 2] })],
];

await toSvg(lines([1, 2])); // loads Vega
for (const [name, make] of plots) {
  const times = { make: Number.POSITIVE_INFINITY, draw: Number.POSITIVE_INFINITY };
  let sizes = '';
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    const spec = make();
    const made = performance.now();
    const svg = await toSvg(spec);
    times.make = Math.min(times.make, made - start);
    times.draw = Math.min(times.draw, performance.now() - made);
    sizes = `${Math.round(JSON.stringify(spec).length / 1000)} KB | ${Math.round(svg.length / 1000)} KB`;
  }
  console.log(`| ${name} | ${times.make.toFixed(0)} ms | ${sizes} | ${times.draw.toFixed(0)} ms |`);
}
