/** TensorFlow.js, on its 'wasm' backend with one thread, or on 'cpu' (plain JavaScript). */
import { importPeer } from '../peers.js';
import { randoms } from '../row.js';

/** @param {'wasm' | 'cpu'} backend @returns {Promise<any>} */
async function tfjs(backend) {
  // The greeting that it prints on import would stand in the table.
  const { log, warn } = console;
  console.log = console.warn = () => {};
  try {
    const tf = await importPeer('tfjs', '@tensorflow/tfjs');
    const wasm = await importPeer('tfjs', '@tensorflow/tfjs-backend-wasm');
    wasm.setThreadsCount?.(1);
    wasm.default?.setThreadsCount?.(1);
    const api = tf.default ?? tf;
    api.enableProdMode();
    await api.setBackend(backend);
    await api.ready();
    return api;
  } finally {
    Object.assign(console, { log, warn });
  }
}

/** @param {string} name @param {'wasm' | 'cpu'} backend @param {(tf: any) => import('../row.js').Ready} make @returns {import('../row.js').Contender} */
function contender(name, backend, make) {
  return {
    name,
    setUp: async () => {
      const tf = await tfjs(backend);
      const ready = make(tf);
      // Rows share the library, so each turn starts by choosing its backend again.
      const run = () => {
        if (tf.getBackend() !== backend) tf.setBackend(backend);
        return ready.run();
      };
      return { ...ready, run };
    },
  };
}

export const matmul = contender('tfjs wasm', 'wasm', (tf) => {
  const a = tf.tensor(randoms(512 * 512, 1), [512, 512]);
  const b = tf.tensor(randoms(512 * 512, 2), [512, 512]);
  let values;
  return {
    run: () => {
      const c = tf.matMul(a, b);
      values = c.dataSync();
      c.dispose();
    },
    answer: () => [...values.slice(0, 4)],
  };
});

export const conv = contender('tfjs wasm', 'wasm', (tf) => {
  // Its pictures have channels last, its filters [h, w, in, out].
  const x = tf.tidy(() => tf.transpose(tf.tensor(randoms(16 * 64 * 32 * 32, 1), [16, 64, 32, 32]), [0, 2, 3, 1]));
  const w = tf.tidy(() => tf.transpose(tf.tensor(randoms(64 * 64 * 9, 2), [64, 64, 3, 3]), [2, 3, 1, 0]));
  let out;
  return {
    run: () => {
      out?.dispose();
      out = tf.conv2d(x, w, 1, 'same');
    },
    answer: () => {
      const values = tf.transpose(out, [0, 3, 1, 2]).dataSync();
      return [0, 1000, 100000, 1000000].map((i) => values[i]);
    },
  };
});

/** @param {any} tf @param {any[]} weights @param {(x: any) => any} forward @param {(out: any) => any} loss @param {any} x @param {number} lr */
function training(tf, weights, forward, loss, x, lr) {
  const optimizer = tf.train.sgd(lr);
  let last;
  return {
    run: () => {
      last?.dispose();
      last = optimizer.minimize(() => loss(forward(x)), true, weights);
    },
    answer: () => [last.dataSync()[0]],
  };
}

export const xor = contender('tfjs cpu', 'cpu', (tf) => {
  const variable = (n, seed, shape) => tf.variable(tf.tensor(randoms(n, seed), shape));
  const [w1, b1, w2, b2] = [
    variable(20, 1, [10, 2]),
    variable(10, 2, [10]),
    variable(10, 3, [1, 10]),
    variable(1, 4, [1]),
  ];
  const x = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
  const y = tf.tensor2d([0, 1, 1, 0], [4, 1]);
  const forward = (v) => tf.matMul(tf.tanh(tf.matMul(v, w1, false, true).add(b1)), w2, false, true).add(b2);
  return training(tf, [w1, b1, w2, b2], forward, (out) => tf.mean(tf.square(tf.sub(out, y))), x, 0.1);
});

export const mlp = contender('tfjs wasm', 'wasm', (tf) => {
  const scaled = (n, seed) => randoms(n, seed).map((v) => v * 0.1);
  // Weights [in, out]: its wasm backend multiplies by a transposed matrix more slowly.
  const turned = (n, seed, shape) => tf.variable(tf.tidy(() => tf.transpose(tf.tensor(scaled(n, seed), shape))));
  const w1 = turned(256 * 784, 1, [256, 784]);
  const b1 = tf.variable(tf.tensor(scaled(256, 2)));
  const w2 = turned(2560, 3, [10, 256]);
  const b2 = tf.variable(tf.tensor(scaled(10, 4)));
  const x = tf.tensor(randoms(64 * 784, 5), [64, 784]);
  const y = tf
    .oneHot(
      Array.from({ length: 64 }, (_, i) => i % 10),
      10,
    )
    .cast('float32');
  const forward = (v) => tf.relu(v.matMul(w1).add(b1)).matMul(w2).add(b2);
  return training(tf, [w1, b1, w2, b2], forward, (out) => tf.losses.softmaxCrossEntropy(y, out), x, 0.01);
});
