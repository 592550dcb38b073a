/** What tests import: assertions on numbers and errors, and checks of gradients. It imports no package of Maru. */
export { expectClose, expectError } from './close.js';
