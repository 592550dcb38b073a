/** @type {Record<string, import('./table.js').Sampler>} */
export const conv = {};
