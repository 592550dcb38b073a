import type { TreeArrays } from './tree.ts';

/** The number of a tree's leaves. */
export function leavesOf({ feature }: TreeArrays): number {
  let leaves = 0;
  for (let t = 0; t < feature.length; t++) if (feature[t]! < 0) leaves++;
  return leaves;
}

/** The number of questions on the longest way to a leaf. */
export function depthOf({ feature, left, right }: TreeArrays): number {
  const depth = new Int32Array(feature.length);
  let deepest = 0;
  for (let t = 0; t < depth.length; t++) {
    if (feature[t]! < 0) continue;
    depth[left[t]!] = depth[t]! + 1;
    depth[right[t]!] = depth[t]! + 1;
    deepest = Math.max(deepest, depth[t]! + 1);
  }
  return deepest;
}
