import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import {
  MaxAbsScaler,
  MaxAbsScalerModel,
  MinMaxScaler,
  MinMaxScalerModel,
  Normalizer,
  NormalizerModel,
  RobustScaler,
  RobustScalerModel,
  StandardScaler,
  StandardScalerModel,
} from '../src/index.ts';
import { spec } from './spec.ts';

// Sparse rows cannot be centered, so the checks of them run with other options.
checkTransformer(spec('StandardScaler', StandardScaler, StandardScalerModel, { traits: { sparse: false } }));
checkTransformer(spec('StandardScaler', StandardScaler, StandardScalerModel, { options: { withMean: false } }));
checkTransformer(spec('MinMaxScaler', MinMaxScaler, MinMaxScalerModel));
checkTransformer(
  spec('MinMaxScaler', MinMaxScaler, MinMaxScalerModel, { options: { featureRange: [-2, 5], clip: true } }),
);
checkTransformer(spec('MaxAbsScaler', MaxAbsScaler, MaxAbsScalerModel));
checkTransformer(spec('RobustScaler', RobustScaler, RobustScalerModel));
checkTransformer(spec('RobustScaler', RobustScaler, RobustScalerModel, { options: { unitVariance: true } }));
for (const norm of ['l1', 'l2', 'max']) {
  checkTransformer(spec('Normalizer', Normalizer, NormalizerModel, { options: { norm } }));
}
