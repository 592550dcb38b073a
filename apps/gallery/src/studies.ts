import { activationsAndTheirSlopes } from './studies/activations-and-their-slopes.ts';
import { apples } from './studies/apples.ts';
import { backpropByHand } from './studies/backprop-by-hand.ts';
import { beyondALine } from './studies/beyond-a-line.ts';
import { bostonLasso } from './studies/boston-lasso.ts';
import { bostonOls } from './studies/boston-ols.ts';
import { bostonOutliers } from './studies/boston-outliers.ts';
import { bostonScaled } from './studies/boston-scaled.ts';
import { bostonSixTerms } from './studies/boston-six-terms.ts';
import { bostonTerms } from './studies/boston-terms.ts';
import { computationalGraph } from './studies/computational-graph.ts';
import { cosineSimilarity } from './studies/cosine-similarity.ts';
import { discriminants } from './studies/discriminants.ts';
import { eigenfaces } from './studies/eigenfaces.ts';
import { familyOfOptimizers } from './studies/family-of-optimizers.ts';
import { fewerDimensions } from './studies/fewer-dimensions.ts';
import { filmReviews } from './studies/film-reviews.ts';
import { fisherDiscriminantStudy } from './studies/fisher-discriminant.ts';
import { flowerTree } from './studies/flower-tree.ts';
import { football } from './studies/football.ts';
import { fuzzyKMeans } from './studies/fuzzy-k-means.ts';
import { googlePlay } from './studies/google-play.ts';
import { gradientFlow } from './studies/gradient-flow.ts';
import { graphIntrospection } from './studies/graph-introspection.ts';
import { imageMorphing } from './studies/image-morphing.ts';
import { irisesByLogit } from './studies/irises-by-logit.ts';
import { judgingModels } from './studies/judging-models.ts';
import { kMeans } from './studies/k-means.ts';
import { learningProcess } from './studies/learning-process.ts';
import { lineWithL1Loss } from './studies/line-with-l1-loss.ts';
import { linearRegression } from './studies/linear-regression.ts';
import { logisticRegression } from './studies/logistic-regression.ts';
import { mlpMnist } from './studies/mlp-mnist.ts';
import { optimizationTroubles } from './studies/optimization-troubles.ts';
import { parabolaByANet } from './studies/parabola-by-a-net.ts';
import { penalties } from './studies/penalties.ts';
import { randomSearchOrGradient } from './studies/random-search-or-gradient.ts';
import { singularValuesOfAPicture } from './studies/singular-values-of-a-picture.ts';
import { smallGraphsByHand } from './studies/small-graphs-by-hand.ts';
import { tensors } from './studies/tensors.ts';
import { titanic } from './studies/titanic.ts';
import { twoLayerNetIn20Lines } from './studies/two-layer-net-in-20-lines.ts';
import { twoMargins } from './studies/two-margins.ts';
import { xor } from './studies/xor.ts';
import type { Study } from './study.ts';

/** All studies, in the order of the rows. */
export const studies: readonly Study[] = [
  imageMorphing,
  cosineSimilarity,
  singularValuesOfAPicture,
  eigenfaces,
  backpropByHand,
  graphIntrospection,
  gradientFlow,
  googlePlay,
  bostonOls,
  bostonScaled,
  bostonOutliers,
  bostonTerms,
  bostonSixTerms,
  bostonLasso,
  football,
  irisesByLogit,
  discriminants,
  filmReviews,
  flowerTree,
  titanic,
  twoMargins,
  learningProcess,
  mlpMnist,
  tensors,
  linearRegression,
  logisticRegression,
  xor,
  apples,
  familyOfOptimizers,
  kMeans,
  fuzzyKMeans,
  fewerDimensions,
  fisherDiscriminantStudy,
  judgingModels,
  optimizationTroubles,
  lineWithL1Loss,
  parabolaByANet,
  beyondALine,
  smallGraphsByHand,
  activationsAndTheirSlopes,
  twoLayerNetIn20Lines,
  randomSearchOrGradient,
  computationalGraph,
  penalties,
];
