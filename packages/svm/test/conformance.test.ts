import { type MatrixLike, tensor } from '@maru-ml/tensor';
import { checkClassifier, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import { SVC, SVCModel } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

type Name = keyof typeof traits;

/** @param settled options under which the answers are exact enough for weights and the order of rows to be compared */
function spec(
  name: Name,
  Estimator: Spec['Estimator'],
  Model: Spec['Model'],
  options: Record<string, unknown>,
  settled: Record<string, unknown>,
): Spec {
  return {
    name,
    Estimator,
    Model,
    options,
    settled: { ...options, ...settled },
    traits: traits[name] as Traits,
    tensor: (rows, dtype): MatrixLike => tensor(rows, { dtype }),
  };
}

checkClassifier(spec('SVC', SVC, SVCModel, { seed: 0 }, { gamma: 0.05, tol: 1e-10 }));

// With probabilities, whose folds depend on the order of the rows and their number.
const probable = spec('SVC', SVC, SVCModel, { seed: 0, probability: true, gamma: 0.05 }, {});
checkClassifier({ ...probable, traits: { ...probable.traits, sampleWeight: 'use', rowOrder: 'matters' } });
