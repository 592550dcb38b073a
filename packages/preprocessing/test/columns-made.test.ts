import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import {
  FunctionTransformer,
  FunctionTransformerModel,
  KBinsDiscretizer,
  KBinsDiscretizerModel,
  PolynomialFeatures,
  PolynomialFeaturesModel,
  PowerTransformer,
  PowerTransformerModel,
  VarianceThreshold,
  VarianceThresholdModel,
} from '../src/index.ts';
import { spec } from './spec.ts';

checkTransformer(spec('PolynomialFeatures', PolynomialFeatures, PolynomialFeaturesModel));
checkTransformer(
  spec('PolynomialFeatures', PolynomialFeatures, PolynomialFeaturesModel, {
    options: { degree: [2, 3], interactionOnly: true, includeBias: false },
  }),
);
checkTransformer(spec('PowerTransformer', PowerTransformer, PowerTransformerModel));
checkTransformer(
  spec('PowerTransformer', PowerTransformer, PowerTransformerModel, {
    options: { method: 'box-cox', standardize: false },
    adapt: ({ x, y }) => ({ x: x.map((row) => row.map((value) => value + 10)), y }),
  }),
);
checkTransformer(spec('FunctionTransformer', FunctionTransformer, FunctionTransformerModel));
checkTransformer(
  spec('FunctionTransformer', FunctionTransformer, FunctionTransformerModel, { options: { func: 'expm1' } }),
);
checkTransformer(spec('VarianceThreshold', VarianceThreshold, VarianceThresholdModel));

const bins = (options: Record<string, unknown>) =>
  spec('KBinsDiscretizer', KBinsDiscretizer, KBinsDiscretizerModel, { options });
checkTransformer(bins({ encode: 'ordinal', quantileMethod: 'averagedInvertedCdf' }));
checkTransformer(bins({ encode: 'onehotDense', quantileMethod: 'invertedCdf', nBins: [2, 3, 4, 5] }));
checkTransformer(bins({ encode: 'ordinal', strategy: 'kmeans', nBins: 3 }));
for (const strategy of ['quantile', 'uniform']) {
  const { traits, ...rest } = bins({ encode: 'onehotDense', strategy });
  checkTransformer({ ...rest, traits: { ...traits, sampleWeight: 'refuse' } });
}
