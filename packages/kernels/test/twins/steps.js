/** @typedef {import('./draw.js').Draw} Draw */

/** Parameters, gradient and as many states, of one length and kind. @param {Draw} draw @param {number} states */
function arrays(draw, states) {
  const dtype = draw.float();
  const n = draw.length();
  const make = () => (draw.chance(0.8) ? draw.normal(dtype, n) : draw.array(dtype, n));
  return [make(), make(), ...Array.from({ length: states }, make)];
}

/** @param {Draw} draw */
function options(draw) {
  const weightDecay = draw.chance() ? 0 : draw.random.uniform(0, 0.1);
  return { lr: draw.random.uniform(0, 0.5), eps: draw.chance() ? 1e-8 : 0.01, weightDecay };
}

/** @param {Draw} draw */
function betas(draw) {
  return { beta1: draw.random.uniform(0, 0.99), beta2: draw.random.uniform(0, 0.999), step: draw.integer(1, 50) };
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const steps = {
  sgdStep: (draw) => {
    const [p, g, v] = arrays(draw, 1);
    const momentum = draw.chance() ? 0.9 : draw.random.uniform();
    const rest = { momentum, dampening: draw.chance() ? 0 : 0.3, nesterov: draw.chance(), first: draw.chance(0.3) };
    return [p, g, draw.chance() ? v : null, { ...options(draw), ...rest }];
  },
  adamStep: (draw) => [...arrays(draw, 2), { ...options(draw), ...betas(draw), decoupled: draw.chance() }],
  adagradStep: (draw) => [...arrays(draw, 1), options(draw)],
  adadeltaStep: (draw) => [...arrays(draw, 2), { ...options(draw), rho: 0.9 }],
  rmspropStep: (draw) => {
    const [p, g, square, buffer, mean] = arrays(draw, 3);
    const rest = { alpha: 0.99, momentum: 0.9, nesterov: draw.chance() };
    return [p, g, square, draw.chance() ? buffer : null, draw.chance() ? mean : null, { ...options(draw), ...rest }];
  },
  nadamStep: (draw) => [...arrays(draw, 2), { ...options(draw), ...betas(draw), mu: 0.5, muNext: 0.6, muProduct: 0.3 }],
};
