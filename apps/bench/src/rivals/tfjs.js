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

/** @param {any} tf @returns {import('../row.js').Ready} */
function product(tf) {
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
}

export const matmul = contender('tfjs wasm', 'wasm', product);
export const matmulCpu = contender('tfjs cpu', 'cpu', product);

/** @param {'relu' | 'exp'} name @param {'wasm' | 'cpu'} backend */
function elementwise(name, backend) {
  return contender(`tfjs ${backend}`, backend, (tf) => {
    const x = tf.tensor(randoms(2 ** 20, 3));
    let out;
    return {
      run: () => {
        out?.dispose();
        out = tf[name](x);
      },
      answer: () => [out.dataSync().reduce((total, v) => total + v, 0)],
    };
  });
}

export const relu = [elementwise('relu', 'wasm'), elementwise('relu', 'cpu')];
export const exp = [elementwise('exp', 'wasm'), elementwise('exp', 'cpu')];

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

/**
 * A step of gradient descent; it answers with the losses of three steps from the start.
 *
 * @param {any} tf @param {() => any[]} start @param {(x: any, ...weights: any[]) => any} forward @param {(out: any) => any} loss @param {any} x @param {number} lr
 */
function training(tf, start, forward, loss, x, lr) {
  const stepOf = () => {
    const weights = start();
    const optimizer = tf.train.sgd(lr);
    let last;
    return () => {
      last?.dispose();
      last = optimizer.minimize(() => loss(forward(x, ...weights)), true, weights);
      return last;
    };
  };
  const again = stepOf();
  return { run: stepOf(), answer: () => [1, 2, 3].map(() => again().dataSync()[0]) };
}

export const xor = contender('tfjs cpu', 'cpu', (tf) => {
  const variable = (n, seed, shape) => tf.variable(tf.tensor(randoms(n, seed), shape));
  const start = () => [variable(20, 1, [10, 2]), variable(10, 2, [10]), variable(10, 3, [1, 10]), variable(1, 4, [1])];
  const x = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
  const y = tf.tensor2d([0, 1, 1, 0], [4, 1]);
  const forward = (v, w1, b1, w2, b2) =>
    tf.matMul(tf.tanh(tf.matMul(v, w1, false, true).add(b1)), w2, false, true).add(b2);
  return training(tf, start, forward, (out) => tf.mean(tf.square(tf.sub(out, y))), x, 0.1);
});

/** @param {'wasm' | 'cpu'} backend */
function mlpOn(backend) {
  return contender(`tfjs ${backend}`, backend, (tf) => {
    const scaled = (n, seed) => randoms(n, seed).map((v) => v * 0.1);
    // Weights [in, out]: its wasm backend multiplies by a transposed matrix more slowly.
    const turned = (n, seed, shape) => tf.variable(tf.tidy(() => tf.transpose(tf.tensor(scaled(n, seed), shape))));
    const start = () => [
      turned(256 * 784, 1, [256, 784]),
      tf.variable(tf.tensor(scaled(256, 2))),
      turned(2560, 3, [10, 256]),
      tf.variable(tf.tensor(scaled(10, 4))),
    ];
    const x = tf.tensor(randoms(64 * 784, 5), [64, 784]);
    const labels = Array.from({ length: 64 }, (_, i) => i % 10);
    const y = tf.oneHot(labels, 10).cast('float32');
    const forward = (v, w1, b1, w2, b2) => tf.relu(v.matMul(w1).add(b1)).matMul(w2).add(b2);
    return training(tf, start, forward, (out) => tf.losses.softmaxCrossEntropy(y, out), x, 0.01);
  });
}

export const mlp = mlpOn('wasm');
export const mlpCpu = mlpOn('cpu');
