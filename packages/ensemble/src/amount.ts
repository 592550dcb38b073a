import { OptionError } from '@maru-ml/base';
import { checkCountOrShare } from '@maru-ml/tree/grow';

/** Checks that `amount` is a count, a share or null. @throws OptionError */
export function checkAmount(owner: string, name: string, amount: unknown): void {
  if (amount !== null) checkCountOrShare(owner, name, amount, 1);
}

/**
 * How many of `of` rows or columns these are, null being all.
 * @param what 'rows' or 'columns'; @param more whether there may be more than there are, as with replacement
 * @throws OptionError
 */
export function amountOf(
  owner: string,
  name: string,
  amount: number | null,
  of: number,
  what: string,
  more = false,
): number {
  if (amount === null) return of;
  if (amount < 1) return Math.max(1, Math.floor(amount * of));
  if (amount <= of || more) return amount;
  throw new OptionError(`${owner}: ${name} is ${amount}, but x has ${of} ${what}`);
}
