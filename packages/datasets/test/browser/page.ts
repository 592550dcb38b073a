export { runInPage as run } from './readers.ts';
