import { fromBytes, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import type { Spec, Traits } from '@maru-ml/tooling/testing/conformance';
import traits from '../traits.json' with { type: 'json' };

/** What the conformance checks of an estimator of this package are told. */
export function spec(
  name: keyof typeof traits,
  Estimator: Spec['Estimator'],
  Model: Spec['Model'],
  more: Partial<Omit<Spec, 'traits'>> & { traits?: Partial<Traits> } = {},
): Spec {
  return {
    name,
    Estimator,
    Model,
    toBytes,
    fromBytes,
    tensor: (rows, dtype) => tensor(rows, { dtype }),
    sparseRows: (rows) => toSparse(tensor(rows, { dtype: 'float64' })),
    ...more,
    traits: { ...(traits[name] as Traits), ...more.traits },
  };
}
