import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import { RFE, RFEModel, type RFEOptions, SelectKBest, SelectKBestModel } from '../src/index.ts';
import { LeastSquares, LeastSquaresModel } from './least-squares.ts';
import { spec } from './spec.ts';

const positive = ({ x, y }: { x: number[][]; y: number[] }) => ({
  x: x.map((row) => row.map((value) => Math.abs(value))),
  y,
});
for (const scoreFunc of ['fClassif', 'fRegression', 'chi2']) {
  checkTransformer(
    spec('SelectKBest', SelectKBest, SelectKBestModel, {
      options: { scoreFunc, k: 2 },
      supervised: true,
      adapt: positive,
      traits: { sparse: scoreFunc === 'chi2' },
    }),
  );
}

/** RFE of least squares, in the form of the checks: an estimator of nothing but options. */
class RFEOfLeastSquares extends RFE<LeastSquaresModel, number> {
  constructor(options: RFEOptions = {}) {
    super(new LeastSquares(), options);
  }
}
const classes = { LeastSquaresModel };
const Model = {
  fromJSON: (json: unknown) => RFEModel.fromJSON<LeastSquaresModel>(json, { classes }),
  fromBytes: (bytes: Uint8Array) => RFEModel.fromBytes<LeastSquaresModel>(bytes, { classes }),
};
checkTransformer(spec('RFE', RFEOfLeastSquares, Model, { options: { nFeaturesToSelect: 2 }, supervised: true }));
