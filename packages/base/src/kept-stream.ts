import { sharedSlots } from './shared.ts';

/**
 * Keeps the default random stream for what runs in slices: whatever is run by the function that it returns finds the stream that
 * there is now, or that the run before left, and everyone else finds theirs again. So a fit in slices draws the same numbers
 * whoever draws in between.
 */
export function keptStream(): <T>(run: () => T) => T {
  const slots = sharedSlots();
  let own = slots.get('random');
  return (run) => {
    const others = slots.get('random');
    if (own) slots.set('random', own);
    try {
      return run();
    } finally {
      own = slots.get('random');
      if (others) slots.set('random', others);
    }
  };
}
