import { OptionError, show } from '@maru-ml/base';

/** @throws OptionError for what is no text */
export function checkText(owner: string, text: unknown): string {
  if (typeof text === 'string') return text;
  throw new OptionError(`${owner}: text must be a string, got ${show(text)}`);
}
