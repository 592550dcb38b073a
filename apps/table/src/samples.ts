import { Random } from '@maru-ml/base';
import type { Dataset } from '@maru-ml/datasets';
import { boston } from '@maru-ml/datasets/boston';
import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { diabetes } from '@maru-ml/datasets/diabetes';
import { iris } from '@maru-ml/datasets/iris';
import { wine } from '@maru-ml/datasets/wine';
import type { Columns } from '@maru-ml/tensor';
import type { SAMPLES } from './menu.ts';

export interface Sample {
  readonly target: string;
  readonly columns: Columns;
}

/** Makes each table that one can start with. */
export const MAKE_SAMPLE: Record<keyof typeof SAMPLES, () => Sample> = {
  iris: () => sampleOf(iris()),
  wine: () => sampleOf(wine()),
  cancer: () => sampleOf(breastCancer()),
  boston: () => sampleOf(boston()),
  diabetes: () => sampleOf(diabetes({ scaled: false })),
  apartments: () => ({ target: 'price', columns: apartments() }),
};

function sampleOf(dataset: Dataset): Sample {
  return { target: dataset.targetName, columns: dataset.columns() };
}

/** Won per square meter, in thousands. */
const DISTRICTS = { 강남: 19, 송파: 15, 종로: 12, 마포: 11, 노원: 7 };
const HEATING = ['district', 'own', 'central'];

/** Apartments in Seoul that never were: numbers, words and yes or no, some of them missing. */
function apartments(rows = 400): Columns {
  const random = new Random(2026);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;
  const apartment = () => {
    const district = pick(Object.keys(DISTRICTS) as (keyof typeof DISTRICTS)[]);
    const [area, floor, built] = [30 + random.integer(90), 1 + random.integer(25), 1980 + random.integer(46)];
    const [elevator, heating] = [floor > 5 || random.uniform() < 0.3, pick(HEATING)];
    const worth = DISTRICTS[district] * area * (1 - (2026 - built) / 90) * (1 + floor / 120) * (elevator ? 1.06 : 1);
    return { district, area, floor, built, heating, elevator, price: Math.round(worth * (1 + 0.08 * random.normal())) };
  };
  const all = Array.from({ length: rows }, apartment);
  const lost = () => random.uniform() < 0.08;
  return {
    district: all.map(({ district }) => district),
    area: Float64Array.from(all, ({ area }) => area),
    floor: Float64Array.from(all, ({ floor }) => floor),
    built: Float64Array.from(all, ({ built }) => (lost() ? Number.NaN : built)),
    heating: all.map(({ heating }) => (lost() ? null : heating)),
    elevator: all.map(({ elevator }) => elevator),
    price: Float64Array.from(all, ({ price }) => price),
  };
}
