import type { Row } from './row.ts';
import { agglomerativeRow, dbscanRow, mixtureRow, pcaRow, spectralRow } from './rows/clusters.ts';
import { expRow, reluRow } from './rows/elementwise.ts';
import {
  boostingHugeRow,
  boostingLargeRow,
  boostingRow,
  forestOneRow,
  forestPredictRow,
  forestRow,
  forestWorkersRow,
} from './rows/ensemble.ts';
import { kmeansRow } from './rows/kmeans.ts';
import { eighRow, svdRow } from './rows/linalg.ts';
import { lassoRow, logisticJsRow, logisticRow, predictBulkRow, predictOneRow } from './rows/linear.ts';
import { matmul32, matmul64 } from './rows/matmul.ts';
import { gaussianRow, neighborsRow, neighborsTreeRow } from './rows/neighbors.ts';
import { cnnRow, convRow, mlpRow, xorRow } from './rows/nets.ts';
import { betaRow, glmRow, logitRow, olsRow } from './rows/stats.ts';
import { svcRow } from './rows/svm.ts';
import { nsmcRow, textRow } from './rows/text.ts';
import { treeRow } from './rows/tree.ts';

export const rows: readonly Row[] = [
  matmul32,
  matmul64,
  reluRow,
  expRow,
  xorRow,
  mlpRow,
  cnnRow,
  convRow,
  svdRow,
  eighRow,
  pcaRow,
  betaRow,
  olsRow,
  glmRow,
  logitRow,
  lassoRow,
  logisticRow,
  logisticJsRow,
  predictOneRow,
  predictBulkRow,
  treeRow,
  forestRow,
  forestWorkersRow,
  forestOneRow,
  forestPredictRow,
  boostingRow,
  boostingLargeRow,
  boostingHugeRow,
  svcRow,
  neighborsRow,
  neighborsTreeRow,
  gaussianRow,
  textRow,
  nsmcRow,
  kmeansRow,
  mixtureRow,
  dbscanRow,
  agglomerativeRow,
  spectralRow,
];

/** Rows that wait for a package which is not there yet. */
export const waiting: readonly { readonly id: string; readonly title: string; readonly package: string }[] = [
  { id: 'lstm', title: 'LSTM 64->128, batch 32, 50 steps, forward and backward', package: 'rnn' },
];
