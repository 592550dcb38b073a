export { cholesky, choleskySolve, choleskySteps, plainCholesky } from './dense/cholesky.ts';
export { type GeneralEigen, generalEigen } from './dense/general-eigen.ts';
export { jacobiEigenSteps } from './dense/jacobi-eigen.ts';
export { type LeastSquares, type LeastSquaresOptions, leastSquares, leastSquaresSteps } from './dense/least-squares.ts';
export { type LuFactors, lu, luSolve } from './dense/lu.ts';
export { pseudoInverse } from './dense/pseudo-inverse.ts';
export { fullQr, type QrFactors, qr, upperFactorSteps } from './dense/qr.ts';
export { type PivotedQrFactors, qrPivoted } from './dense/qr-pivoted.ts';
export {
  type Multiplier,
  type NormalSource,
  type RandomizedSvdOptions,
  randomizedSvd,
} from './dense/randomized-svd.ts';
export { type FillRows, type RightVectors, rightVectors } from './dense/right-vectors.ts';
export { fullSvd, type SvdFactors, svd, svdSteps, svdValues, svdValuesSteps } from './dense/svd.ts';
export { type SymmetricEigen, symmetricEigen, symmetricEigenvalues } from './dense/symmetric-eigen.ts';
export { transposed } from './dense/transpose.ts';
export { solveLower, solveUpper, type TriangularOptions } from './dense/triangular.ts';
