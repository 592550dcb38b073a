import { OptionError } from '@maru-ml/base';
import { Ridge } from '@maru-ml/linear';
import { gridSearch, type SearchState } from '@maru-ml/model-selection';
import { mutateJson } from '@maru-ml/tooling/testing/mutate';
import { type Reader, whole } from '../reader.ts';

const X = Array.from({ length: 8 }, (_, i) => [i, (i * 5) % 7]);
const Y = X.map(([a, b]) => a! - b! / 2);

const search = () => gridSearch(({ alpha }: { alpha: number }) => new Ridge({ alpha }), { alpha: [1, 10] }, { cv: 2 });

/** The state of a search that ended after its first fits, from which another goes on. */
export const searchState: Reader = {
  name: 'search-state',
  mayThrow: (error) => error instanceof OptionError && /: resume is the state of another search: /.test(error.message),
  draw(random) {
    const given: SearchState = mutateJson(STATE, random);
    return {
      given,
      run() {
        const { candidates, bestModel } = search().fit(X, Y, { resume: given });
        whole(
          candidates.length === 2 && candidates.every(({ meanTestScore }) => typeof meanTestScore === 'number'),
          `the candidates are ${JSON.stringify(candidates)}`,
        );
        whole(bestModel.predict(X).length === X.length, 'there is no best model');
      },
    };
  },
};

const STATE = finished();

function finished(): unknown {
  let state: unknown;
  let fits = 0;
  search().fit(X, Y, {
    onProgress(progress) {
      state = JSON.parse(JSON.stringify(progress.state));
      return ++fits < 3;
    },
  });
  return state;
}
