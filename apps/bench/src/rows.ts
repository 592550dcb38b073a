import type { Row } from './row.ts';
import { expRow, reluRow } from './rows/elementwise.ts';
import { boostingLargeRow, boostingRow, forestPredictRow, forestRow } from './rows/ensemble.ts';
import { kmeansRow } from './rows/kmeans.ts';
import { eighRow, svdRow } from './rows/linalg.ts';
import { lassoRow, logisticJsRow, logisticRow, predictOneRow } from './rows/linear.ts';
import { matmul32, matmul64 } from './rows/matmul.ts';
import { neighborsRow } from './rows/neighbors.ts';
import { cnnRow, convRow, mlpRow, xorRow } from './rows/nets.ts';
import { olsRow } from './rows/stats.ts';
import { svcRow } from './rows/svm.ts';
import { textRow } from './rows/text.ts';
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
  kmeansRow,
  svcRow,
  neighborsRow,
  textRow,
  svdRow,
  eighRow,
  olsRow,
  lassoRow,
  logisticRow,
  logisticJsRow,
  predictOneRow,
  treeRow,
  forestRow,
  forestPredictRow,
  boostingRow,
  boostingLargeRow,
];
