import { SVC, type SVCModel } from '@maru-ml/svm';
import { inPython } from '../python.ts';
import { type Contender, type Row, randoms } from '../row.ts';

const N = 5000;
const D = 20;

/** Rows of two classes that overlap: the sign of a sum, with noise. */
function data(): { x: { data: Float64Array; shape: number[] }; y: Int32Array } {
  const x = Float64Array.from(randoms(N * D, 51));
  const noise = randoms(N, 52);
  const y = Int32Array.from({ length: N }, (_, i) => {
    let sum = 2 * noise[i]!;
    for (let l = 0; l < 10; l++) sum += x[i * D + l]!;
    return Number(sum + 4 * x[i * D]! * x[i * D + 1]! > 0);
  });
  return { x: { data: x, shape: [N, D] }, y };
}

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y } = data();
    let model: SVCModel<number> | null = null;
    return {
      run: () => {
        model = new SVC({ C: 1 }).fit(x, y);
      },
      // The multipliers' absolute sum, and the intercept.
      answer: () => [model!.dualCoef.toArray()[0]!.reduce((sum, b) => sum + Math.abs(b), 0), model!.intercept[0]!],
    };
  },
};

export const svcRow: Row = {
  id: 'svc',
  title: 'SVC, RBF kernel, 5,000 x 20',
  contenders: [ours, inPython('scikit-learn', 'svc')],
  bars: [{ against: ['scikit-learn'], ratio: 2 }],
  // Both run to a violation of 1e-3.
  tolerance: 1e-3,
};
