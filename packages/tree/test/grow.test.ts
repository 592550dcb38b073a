import { Random } from '@maru-ml/base';
import { expectClose } from '@maru-ml/tooling/testing';
import { expect, test } from 'vitest';
import { growTree, leavesFor, prepare } from '../src/grow.ts';

test('one column of four rows, by hand', () => {
  const data = prepare({ data: Float64Array.of(3, 1, 2, 7), rows: 4, columns: 1 });
  const codes = Int32Array.of(1, 0, 0, 1);
  const tree = growTree(data, { kind: 'classes', codes, k: 2, criterion: 'gini' }, {}, null, new Random(0));
  expect(Array.from(tree.feature)).toEqual([0, -2, -2]);
  expect(tree.threshold[0]).toBe(2.5);
  expectClose(tree.value, [0.5, 0.5, 1, 0, 0, 1]);
  expectClose(tree.impurity, [0.5, 0, 0]);
  expect(Array.from(leavesFor(tree, [2.5, 2.6], 2))).toEqual([1, 2]);
});
