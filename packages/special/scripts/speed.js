/**
 * Prints what calls take, in ns: the least of several runs of a loop over arguments that vary.
 *
 *   npx turbo run build --filter @maru-ml/special && node packages/special/scripts/speed.js
 */
import * as s from '../dist/index.js';

const t10 = s.studentT(10);
const f = s.fisherF(3, 40);
const chi = s.chiSquare(5);
const n = s.normal();
const g = s.gammaDistribution(1000);
const b = s.binomial(1000, 0.3);
const p = s.poisson(20);
const h = s.hypergeometric(200, 80, 50);

/** @type {Record<string, (u: number) => number>} with u from 0 to 1 */
const calls = {
  erf: (u) => s.erf(4 * u),
  erfc: (u) => s.erfc(8 * u),
  erfcinv: (u) => s.erfcinv(0.001 + u),
  gamma: (u) => s.gamma(0.5 + 30 * u),
  lgamma: (u) => s.lgamma(0.5 + 30 * u),
  digamma: (u) => s.digamma(0.5 + 30 * u),
  'gammainc, a = 2': (u) => s.gammainc(2, 8 * u),
  'gammainc, a = 1e6': (u) => s.gammainc(1e6, 1e6 + 4000 * (u - 0.5)),
  'betainc, a = 2, b = 3': (u) => s.betainc(2, 3, u),
  'betainc, a = b = 1000': (u) => s.betainc(1000, 1000, 0.45 + 0.1 * u),
  'betainc, a = b = 1e6': (u) => s.betainc(1e6, 1e6, 0.499 + 0.002 * u),
  'gammaincinv, a = 2': (u) => s.gammaincinv(2, 0.001 + 0.998 * u),
  'betaincinv, a = 2, b = 3': (u) => s.betaincinv(2, 3, 0.001 + 0.998 * u),
  'normal().sf': (u) => n.sf(10 * u),
  'normal().isf': (u) => n.isf(0.001 + 0.998 * u),
  'studentT(10).sf': (u) => t10.sf(10 * u),
  'studentT(10).isf': (u) => t10.isf(0.001 + 0.998 * u),
  'fisherF(3, 40).sf': (u) => f.sf(20 * u),
  'chiSquare(5).sf': (u) => chi.sf(40 * u),
  'chiSquare(5).isf': (u) => chi.isf(0.001 + 0.998 * u),
  'gammaDistribution(1000).pdf': (u) => g.pdf(900 + 200 * u),
  'binomial(1000, 0.3).sf': (u) => b.sf(Math.floor(250 + 100 * u)),
  'binomial(1000, 0.3).ppf': (u) => b.ppf(0.001 + 0.998 * u),
  'poisson(20).pmf': (u) => p.pmf(Math.floor(40 * u)),
  'hypergeometric(200, 80, 50).sf': (u) => h.sf(Math.floor(10 + 25 * u)),
};

const COUNT = 2000;
let sink = 0;
for (const [name, call] of Object.entries(calls)) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 15; run++) {
    const start = performance.now();
    for (let i = 0; i < COUNT; i++) sink += call((i * 0.618034) % 1);
    least = Math.min(least, (performance.now() - start) / COUNT);
  }
  console.log(`${name}: ${Math.round(least * 1e6)} ns`);
}
if (Number.isNaN(sink)) console.log('a value was NaN');
