/** What tests import: assertions on numbers and errors, and checks of gradients. It imports no package. */
export { expectClose, expectError } from './close.js';
export { expectNoGarbage } from './garbage.js';
export { checkCoverage, checkGradients, operationsBehind, recordedOperations } from './gradients.js';
export { expectSavable, hostileTable } from './hostile.js';
export { ticksDuring } from './pauses.js';
export { peakOf } from './peak.js';
