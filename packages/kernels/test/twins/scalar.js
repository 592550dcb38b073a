/** @param {import('./draw.js').Draw} draw */
const one = (draw) => [draw.array('float64', 1)[0]];

/** @type {Record<string, import('./table.js').Sampler>} */
export const scalar = { exp: one, expm1: one, log: one, log1p: one };
