import { DataError, show } from '@maru-ml/base';
import { asSaved } from '@maru-ml/tensor';
import { checkAnalyzer, type Tokenizers, tokenizerOf } from './analyzer.ts';
import type { CountVectorizerSettings } from './count-vectorizer.ts';
import { checkTerms, checkVocabulary } from './vocabulary.ts';

/** The settings that a model was saved with. @throws DataError for what is none, OptionError for a missing tokenizer */
export function savedSettings(
  owner: string,
  fields: Record<string, unknown>,
  functions: Tokenizers,
): CountVectorizerSettings {
  const { options } = fields;
  if (typeof options !== 'object' || options === null) {
    throw new DataError(`${owner}: options must be an object, got ${show(options)}`);
  }
  const { binary, ...rest } = options as Partial<CountVectorizerSettings>;
  if (typeof binary !== 'boolean') throw new DataError(`${owner}: binary must be true or false, got ${show(binary)}`);
  // A name that is none of the tokenizers here may be one that was not handed over.
  tokenizerOf(owner, rest.tokenizer, functions);
  return asSaved(owner, () =>
    Object.freeze({ ...checkAnalyzer(owner, rest, functions), ...checkVocabulary(owner, rest), binary }),
  );
}

/** The terms of a model's columns. */
export function savedTerms(owner: string, fields: Record<string, unknown>): readonly string[] {
  return asSaved(owner, () => checkTerms(owner, fields.featureNames));
}
