export { fromBytes, toBytes } from '@maru-ml/tensor';
export type { AnalyzerOptions, AnalyzerSettings, Tokenizers } from './analyzer.ts';
export { CountVectorizer, type CountVectorizerOptions, type CountVectorizerSettings } from './count-vectorizer.ts';
export { CountVectorizerModel, type LoadOptions } from './count-vectorizer-model.ts';
export {
  HashingVectorizer,
  type HashingVectorizerOptions,
  type HashingVectorizerSettings,
} from './hashing-vectorizer.ts';
export { koreanSyllables, koreanTokens, toJamo, withoutParticle } from './korean.ts';
export type { TfidfWeightSettings, TfidfWeights } from './tfidf.ts';
export { TfidfVectorizer, type TfidfVectorizerOptions, type TfidfVectorizerSettings } from './tfidf-vectorizer.ts';
export { TfidfVectorizerModel } from './tfidf-vectorizer-model.ts';
export { type Tokenizer, wordTokens } from './tokenizers.ts';
export type { VocabularyOptions, VocabularySettings } from './vocabulary.ts';
