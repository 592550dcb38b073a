/** A pair of clusters and their distance. */
export interface Edge {
  value: number;
  i: number;
  j: number;
}

/** A heap that gives the lowest edge: by value, then i, then j. */
export class Heap {
  readonly #edges: Edge[] = [];

  push(value: number, i: number, j: number): void {
    const edges = this.#edges;
    const edge = { value, i, j };
    let at = edges.length;
    edges.push(edge);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(edge, edges[parent]!)) break;
      edges[at] = edges[parent]!;
      at = parent;
    }
    edges[at] = edge;
  }

  pop(): Edge | undefined {
    const edges = this.#edges;
    const [first] = edges;
    const last = edges.pop();
    if (edges.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= edges.length) break;
      if (child + 1 < edges.length && before(edges[child + 1]!, edges[child]!)) child++;
      if (!before(edges[child]!, last)) break;
      edges[at] = edges[child]!;
      at = child;
    }
    edges[at] = last;
    return first;
  }
}

function before(a: Edge, b: Edge): boolean {
  return a.value - b.value < 0 || (a.value === b.value && (a.i - b.i || a.j - b.j) < 0);
}
