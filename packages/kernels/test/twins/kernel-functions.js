/** @param {import('./draw.js').Draw} draw @param {unknown[]} [parameters] */
const pairs = (draw, ...parameters) => {
  const dtype = draw.float();
  const [n, m, d] = [draw.integer(1, draw.pick([10, 20, 60])), draw.integer(1, 20), draw.integer(1, 20)];
  return [draw.array(dtype, n * d), draw.array(dtype, m * d), n, m, d, ...parameters, draw.out(dtype, n * m)];
};

/** @type {Record<string, import('./table.js').Sampler>} */
export const kernelFunctions = {
  chi2Kernel: (draw) => pairs(draw, draw.pick([0.1, 1])),
  cosineKernel: (draw) => pairs(draw),
  laplacianKernel: (draw) => pairs(draw, draw.pick([0.1, 1])),
  linearKernel: (draw) => pairs(draw),
  polynomialKernel: (draw) => pairs(draw, { gamma: 0.7, coef0: draw.pick([0, 1.5]), degree: draw.integer(0, 6) }),
  rbfKernel: (draw) => pairs(draw, draw.pick([0.1, 1])),
  rowGaussians: (draw) => {
    const [m, d] = [draw.length(200) + 1, draw.integer(1, 40)];
    const [x, z] = [draw.array('float64', m * d), draw.array('float64', d)];
    const [squares, square] = [draw.array('float64', m), draw.integer(0, 9)];
    return [x, z, squares, square, draw.pick([0.1, 1]), draw.out('float64', m), m, d];
  },
  rowProduct: (draw) => {
    const [i, j, d] = [draw.integer(0, 9), draw.integer(0, 9), draw.integer(1, 40)];
    return [draw.array('float64', i + d), i, draw.array('float64', j + d), j, d];
  },
  rowProducts: (draw) => {
    const [m, d] = [draw.length(200) + 1, draw.integer(1, 40)];
    return [draw.array('float64', m * d), draw.array('float64', d), draw.out('float64', m), m, d];
  },
  sigmoidKernel: (draw) => pairs(draw, { gamma: 0.3, coef0: -0.5 }),
};
