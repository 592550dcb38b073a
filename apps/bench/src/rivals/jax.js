/** jax-js on its 'wasm' device. */
import { importEsm } from '../peers.js';
import { randoms } from '../row.js';

/** @returns {Promise<any>} */
async function jax() {
  // It reads the number of cores there, which Node 20 lacks.
  if (!('navigator' in globalThis))
    Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 1 } });
  const api = await importEsm('jax-js', '@jax-js/jax/dist/index.js');
  await api.init('wasm');
  api.defaultDevice('wasm');
  return api;
}

/** @param {any} api @param {number} n @param {number} seed @param {number[]} shape @param {number} [scale] */
function array({ numpy }, n, seed, shape, scale = 1) {
  return numpy.array(randoms(n, seed).map((v) => v * scale)).reshape(shape);
}

/** @type {import('../row.js').Contender} */
export const matmul = {
  name: 'jax-js',
  setUp: async () => {
    const api = await jax();
    const a = array(api, 512 * 512, 1, [512, 512]);
    const b = array(api, 512 * 512, 2, [512, 512]);
    let values;
    return {
      run: () => {
        values = api.numpy.matmul(a.ref, b.ref).dataSync();
      },
      answer: () => [...values.slice(0, 4)],
    };
  },
};

/** A compiled step of gradient descent; it answers with the losses of three steps from the start. */
function training(api, start, lossOf, inputs, lr) {
  const { jit, tree, valueAndGrad } = api;
  const compiled = jit((p, ...xs) => {
    const [loss, g] = valueAndGrad(lossOf)(tree.ref(p), ...xs);
    return [loss, Object.fromEntries(Object.keys(p).map((key) => [key, p[key].sub(g[key].mul(lr))]))];
  });
  const stepOf = (params) => {
    let current = params;
    return () => {
      const [loss, next] = compiled(current, ...inputs.map((x) => x.ref));
      current = next;
      return loss.dataSync()[0];
    };
  };
  const again = stepOf(start());
  return { run: stepOf(start()), answer: () => [again(), again(), again()] };
}

/** @param {'relu' | 'exp'} name @returns {import('../row.js').Contender} */
function elementwise(name) {
  return {
    name: 'jax-js',
    setUp: async () => {
      const api = await jax();
      const x = api.numpy.array(randoms(2 ** 20, 3));
      const f = name === 'relu' ? api.nn.relu : api.numpy.exp;
      let values;
      return {
        // Nothing is computed before it is read.
        run: () => {
          values = f(x.ref).dataSync();
        },
        answer: () => [values.reduce((total, v) => total + v, 0)],
      };
    },
  };
}

export const relu = elementwise('relu');
export const exp = elementwise('exp');

/** @type {import('../row.js').Contender} */
export const xor = {
  name: 'jax-js',
  setUp: async () => {
    const api = await jax();
    const { numpy: np } = api;
    const start = () => ({
      w1: array(api, 20, 1, [10, 2]),
      b1: array(api, 10, 2, [10]),
      w2: array(api, 10, 3, [1, 10]),
      b2: array(api, 1, 4, [1]),
    });
    const x = np.array([0, 0, 0, 1, 1, 0, 1, 1]).reshape([4, 2]);
    const y = np.array([0, 1, 1, 0]).reshape([4, 1]);
    const loss = (p, v, t) => {
      const h = np.tanh(np.matmul(v, p.w1.transpose()).add(p.b1));
      const d = np.matmul(h, p.w2.transpose()).add(p.b2).sub(t);
      return d.ref.mul(d).mean();
    };
    return training(api, start, loss, [x, y], 0.1);
  },
};

/** @type {import('../row.js').Contender} */
export const mlp = {
  name: 'jax-js',
  setUp: async () => {
    const api = await jax();
    const { numpy: np, nn } = api;
    const start = () => ({
      w1: array(api, 256 * 784, 1, [256, 784], 0.1),
      b1: array(api, 256, 2, [256], 0.1),
      w2: array(api, 2560, 3, [10, 256], 0.1),
      b2: array(api, 10, 4, [10], 0.1),
    });
    const x = array(api, 64 * 784, 5, [64, 784]);
    const targets = new Float32Array(640);
    for (let i = 0; i < 64; i++) targets[i * 10 + (i % 10)] = 1;
    const y = np.array(targets).reshape([64, 10]);
    const loss = (p, v, t) => {
      const h = nn.relu(np.matmul(v, p.w1.transpose()).add(p.b1));
      const out = np.matmul(h, p.w2.transpose()).add(p.b2);
      return nn
        .logSoftmax(out)
        .mul(t)
        .sum()
        .mul(-1 / 64);
    };
    return training(api, start, loss, [x, y], 0.01);
  },
};
