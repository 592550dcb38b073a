/**
 * The labels of rows when the tree of their merges is cut into k clusters [n]. Clusters are numbered as in scikit-learn: by
 * the places of their nodes in a binary heap that gives the highest node, which is split, k - 1 times.
 *
 * @param children the nodes of each merge [n - 1, 2]
 */
export function cutTree(children: Int32Array, k: number): Int32Array {
  const n = children.length / 2 + 1;
  const heap = [2 * n - 2];
  for (let c = 1; c < k; c++) {
    const merge = heap[0]! - n;
    const [first, second] = [children[2 * merge]!, children[2 * merge + 1]!];
    heap.push(first);
    rise(heap, 0, heap.length - 1);
    if (heap[0]! > second) {
      heap[0] = second;
      sink(heap);
    }
  }
  const labels = new Int32Array(n);
  for (const [label, node] of heap.entries()) {
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at < n) labels[at] = label;
      else open.push(children[2 * (at - n)]!, children[2 * (at - n) + 1]!);
    }
  }
  return labels;
}

/** Moves what stands at `from` up as long as what is above it is lower, but not above `top`. */
function rise(heap: number[], top: number, from: number): void {
  const node = heap[from]!;
  let at = from;
  while (at > top) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! >= node) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = node;
}

/** Moves the first down to a leaf by way of the higher ones, then up to its place: the order that Python's heapq leaves. */
function sink(heap: number[]): void {
  const node = heap[0]!;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && heap[child]! <= heap[child + 1]!) child++;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = node;
  rise(heap, 0, at);
}
