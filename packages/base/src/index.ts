export { choose, drawNormal, drawWeighted, permutation, shuffle } from './draws.ts';
export { DataError, OptionError, ShapeError } from './errors.ts';
export { type Fits, type InnerFit, runFits, runFitsAsync } from './inner-fits.ts';
export { keptStream } from './kept-stream.ts';
export { nearest } from './nearest.ts';
export {
  type Bounds,
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  counted,
  list,
  refused,
  show,
  withDefaults,
} from './options.ts';
export {
  type FitAsyncOptions,
  type FitOptions,
  nextTurn,
  type OnProgress,
  type Progress,
  runSteps,
  runStepsAsync,
  type Steps,
} from './progress.ts';
export { Random, randomFrom, randomFromState } from './random.ts';
export { readable } from './readable.ts';
export { checkProtocol, shared } from './shared.ts';
export { sortSteps, sortStepsBy } from './sorting.ts';
export {
  checkSeed,
  defaultRandom,
  type RandomState,
  RandomStream,
  replaceDefaultRandom,
  type Seed,
  setSeed,
  streamAt,
  streamFrom,
  streamFromState,
} from './stream.ts';
export { checkLength, checkSampleWeight } from './weights.ts';
