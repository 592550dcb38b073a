import { scorerByName } from './scorer-table.ts';
import { checkName, type Scorer, type ScoringName } from './scorers.ts';

/**
 * The scorer of a name, to call by itself: `scorerOf('f1Macro')(model, x, y)`.
 * @throws OptionError for an unknown name
 */
export function scorerOf(name: ScoringName): Scorer {
  return scorerByName(checkName('scorerOf', 'name', name));
}
