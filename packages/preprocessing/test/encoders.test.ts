import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import {
  OneHotEncoder,
  OneHotEncoderModel,
  OrdinalEncoder,
  OrdinalEncoderModel,
  SimpleImputer,
  SimpleImputerModel,
} from '../src/index.ts';
import { spec } from './spec.ts';

for (const options of [
  { sparseOutput: false },
  { sparseOutput: false, handleUnknown: 'ignore', drop: 'first' },
  { sparseOutput: false, handleUnknown: 'ignore' },
]) {
  checkTransformer(spec('OneHotEncoder', OneHotEncoder, OneHotEncoderModel, { options }));
}
checkTransformer(spec('OrdinalEncoder', OrdinalEncoder, OrdinalEncoderModel));
checkTransformer(
  spec('OrdinalEncoder', OrdinalEncoder, OrdinalEncoderModel, {
    options: { handleUnknown: 'useEncodedValue', unknownValue: -1 },
  }),
);
for (const strategy of ['mean', 'median', 'mostFrequent', 'constant']) {
  checkTransformer(
    spec('SimpleImputer', SimpleImputer, SimpleImputerModel, {
      options: { strategy, addIndicator: strategy === 'mean' },
    }),
  );
}
