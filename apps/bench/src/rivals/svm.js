/** libsvm-js: LIBSVM compiled to WebAssembly. */
import { importPeer } from '../peers.js';
import { D, N, overlapping } from '../rows/svm-data.js';

/** @type {import('../row.js').Contender} */
export const libsvm = {
  name: 'libsvm-js',
  setUp: async () => {
    const module = await importPeer('libsvm-js', 'libsvm-js');
    const SVM = await (module.default ?? module);
    const { x, y } = overlapping();
    const rows = Array.from({ length: N }, (_, i) => [...x.subarray(D * i, D * (i + 1))]);
    const labels = [...y];
    const mean = x.reduce((sum, value) => sum + value / x.length, 0);
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2 / x.length, 0);
    const options = { type: SVM.SVM_TYPES.C_SVC, kernel: SVM.KERNEL_TYPES.RBF, gamma: 1 / (D * variance), cost: 1 };
    /** @type {string} */
    let saved = '';
    return {
      run: () => {
        const machine = new SVM({ ...options, cacheSize: 200, quiet: true });
        machine.train(rows, labels);
        saved = machine.serializeModel();
        machine.free();
      },
      answer: () => {
        const [head = '', vectors = ''] = saved.split('SV\n');
        const sum = vectors.split('\n').reduce((total, line) => total + Math.abs(Number.parseFloat(line) || 0), 0);
        const rho = Number(/rho (\S+)/.exec(head)?.[1]);
        return [sum, /label 1/.test(head) ? -rho : rho];
      },
    };
  },
};
