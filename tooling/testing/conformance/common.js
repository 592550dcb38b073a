/** The checks of every estimator, whatever its kind. */
import { answerChecks } from './answers.js';
import { estimatorChecks } from './estimator.js';
import { inputChecks } from './input.js';
import { lifecycleChecks } from './lifecycle.js';

/** @type {import('./kit.js').Check[]} */
export const commonChecks = [...estimatorChecks, ...inputChecks, ...answerChecks, ...lifecycleChecks];
