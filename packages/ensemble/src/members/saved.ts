import { DataError, show } from '@maru-ml/base';
import { decodeArray, type Model } from '@maru-ml/tensor';
import { type LoadOptions, loadMember } from './members.ts';

/** The models in a JSON form, all of the same number of columns. @throws DataError for what are none, OptionError for a missing class */
export function loadVoters<M extends Model>(owner: string, json: unknown, options: LoadOptions | undefined): M[] {
  if (!Array.isArray(json) || json.length === 0) {
    throw new DataError(`${owner}: models must be an array of saved models, got ${show(json)}`);
  }
  const models = json.map((member: unknown, i) => loadMember<M>(owner, `models[${i}]`, member, options));
  const columns = models[0]!.nFeaturesIn;
  const other = models.findIndex((model) => model.nFeaturesIn !== columns);
  if (other < 0) return models;
  throw new DataError(
    `${owner}: models[${other}] has ${models[other]!.nFeaturesIn} columns, but models[0] has ${columns}`,
  );
}

/** The names of members in a JSON form. @throws DataError */
export function savedNames(owner: string, json: unknown, members: number): readonly string[] {
  if (Array.isArray(json) && json.length === members && json.every((name) => typeof name === 'string')) return json;
  throw new DataError(`${owner}: names must be ${members} strings, got ${show(json)}`);
}

/** The columns that each model sees in a JSON form. @throws DataError for columns that there are not */
export function savedChoices(owner: string, json: unknown, nFeaturesIn: number): Int32Array[] {
  if (!Array.isArray(json)) throw new DataError(`${owner}: columns must be an array, got ${show(json)}`);
  return json.map((encoded: unknown, i) => {
    const chosen = decodeArray(owner, `columns[${i}]`, encoded, { dtype: 'int32', shape: [-1] });
    if (chosen.length > 0 && chosen.every((j) => j >= 0 && j < nFeaturesIn)) return chosen;
    throw new DataError(`${owner}: columns[${i}] must be columns from 0 to ${nFeaturesIn - 1}`);
  });
}
