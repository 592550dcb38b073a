/**
 * Properties try the same cases in every run, so that a run tells of the code alone: `MARU_SEED=7 npm test` tries others,
 * and what they find becomes a test of its own.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.MARU_SEED ?? 1) });
