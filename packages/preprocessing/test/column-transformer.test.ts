import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import {
  ColumnTransformer,
  ColumnTransformerModel,
  type ColumnTransformerOptions,
  MinMaxScaler,
  MinMaxScalerModel,
  StandardScaler,
  StandardScalerModel,
} from '../src/index.ts';
import { spec } from './spec.ts';

/** Two scalers and what is left, in the form of the checks: an estimator of nothing but options. */
class Scalers extends ColumnTransformer {
  constructor(options: ColumnTransformerOptions = {}) {
    super(
      [
        ['standard', new StandardScaler(), [0, 3]],
        ['range', new MinMaxScaler(), 1],
      ],
      options,
    );
  }
}
const classes = { StandardScalerModel, MinMaxScalerModel };
const Model = {
  fromJSON: (json: unknown) => ColumnTransformerModel.fromJSON(json, { classes }),
  fromBytes: (bytes: Uint8Array) => ColumnTransformerModel.fromBytes(bytes, { classes }),
};
checkTransformer(spec('ColumnTransformer', Scalers, Model, { options: { remainder: 'passthrough' } }));
