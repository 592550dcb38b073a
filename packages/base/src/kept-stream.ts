import { sharedSoFar } from './shared.ts';
import type { RandomStream } from './stream.ts';

/**
 * Keeps the default random stream for what runs in slices: whatever is run by the function that it returns finds the stream that
 * there is now, or that the run before left, and everyone else finds theirs again. So a fit in slices draws the same numbers
 * whoever draws in between.
 */
export function keptStream(): <T>(run: () => T) => T {
  const stream = () => sharedSoFar<{ random: RandomStream }>('random');
  let own = stream()?.random;
  return (run) => {
    const others = stream()?.random;
    if (own !== undefined) stream()!.random = own;
    try {
      return run();
    } finally {
      own = stream()?.random;
      if (others !== undefined) stream()!.random = others;
    }
  };
}
