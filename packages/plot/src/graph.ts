import { checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import { colorEncoding } from './axes.ts';
import { showShape } from './data.ts';
import { type Layout, layoutLayers, topologicalOrder } from './layout.ts';
import { layoutTree } from './layout-tree.ts';
import { makeSpec, type PlotOptions, textOf, type VegaLiteSpec } from './spec.ts';
import { textWidth } from './text.ts';
import { INK } from './theme.ts';

/** A box of the graph. */
export interface GraphNode {
  id: string | number;
  /** What stands in the box; its id. */
  label?: string;
  /** What stands below it in smaller letters, such as a shape; \n starts a new line; nothing. */
  detail?: string;
  /** What it is, shown by its color with a legend, such as 'parameter'; nothing. */
  kind?: string;
}

/** An arrow of the graph. */
export interface GraphEdge {
  from: string | number;
  to: string | number;
  /** What stands beside it, such as a value and its gradient; \n starts a new line; nothing. */
  label?: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What `graphOf` of `@maru-ml/tensor` tells about a result: operations and leaves, with edges the way that gradients go. */
export interface GradientGraph {
  readonly nodes: readonly {
    readonly id: number;
    readonly name: string;
    readonly shape: readonly number[];
    readonly variable: string | null;
  }[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

export interface GraphOptions extends Omit<PlotOptions, 'width' | 'height'> {
  /** Where arrows run: 'down' or 'right'; 'down'. */
  direction?: 'down' | 'right';
}

/**
 * A graph of boxes and arrows without cycles, such as a computation, in layers along the arrows; a tree (each box has at most one
 * arrow to it) by depth, with its branches in the order of the arrows, such as what `treeDiagram` of `@maru-ml/tree` tells. It is as
 * large as it needs.
 *
 * @throws DataError if there is no node, ids are not unique, an edge leads nowhere or edges form a cycle, OptionError
 *
 * @example
 * ```ts
 * import { graph } from '@maru-ml/plot';
 *
 * const nodes = [{ id: 'x', detail: '-2' }, { id: 'y', detail: '5' }, { id: '+', detail: '3' }];
 * const edges = [{ from: 'x', to: '+' }, { from: 'y', to: '+' }];
 * graph({ nodes, edges }, { title: 'x + y' });
 * ```
 */
export function graph(source: Graph | GradientGraph, options: GraphOptions = {}): VegaLiteSpec {
  const owner = 'graph';
  checkKnown(owner, options, ['title', 'direction']);
  const direction = checkOneOf(owner, 'direction', options.direction ?? 'down', ['down', 'right']);
  const { nodes, edges } = readGraph(owner, source);
  const arcs = readArcs(owner, nodes, edges);
  const boxes = nodes.map(boxOf);
  const turned = direction === 'right';
  const turn = <T extends { width: number; height: number }>(box: T) => ({
    ...box,
    width: box.height,
    height: box.width,
  });
  const along = turned ? boxes.map(turn) : boxes;
  const found = layoutTree(along, arcs) ?? layoutLayers(along, arcs);
  const layout = turned ? turnLayout(found) : found;

  const kinds = [...new Set(nodes.flatMap(({ kind }) => kind ?? []))];
  const values = nodes.map(({ id, label = String(id), detail, kind }, i) => {
    const { width, height } = boxes[i]!;
    const { x, y } = layout.centers[i]!;
    const corners = {
      left: round(x - width / 2),
      right: round(x + width / 2),
      top: round(y - height / 2),
      bottom: round(y + height / 2),
    };
    const text = { x: round(x), y: round(detail ? y - (DETAIL_LINE * detail.split('\n').length) / 2 - 1 : y) };
    return { label, ...(detail && { detail }), ...(kind && { kind }), ...corners, ...text };
  });
  const size = { width: Math.max(40, Math.ceil(layout.width)), height: Math.max(20, Math.ceil(layout.height)) };
  const title = textOf(owner, 'title', options.title, 'Graph');
  const at = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  return makeSpec(title, [], size, {
    layer: [
      ...edgeLayers(layout, edges, at),
      {
        data: { values },
        encoding: { x: at('x'), y: at('y') },
        layer: [
          {
            mark: { type: 'rect', cornerRadius: 5, fillOpacity: 0.16, strokeWidth: 1.3 },
            encoding: {
              ...{ x: at('left'), x2: { field: 'right' }, y: at('top'), y2: { field: 'bottom' } },
              ...boxColor(kinds, size.width),
            },
          },
          { mark: { type: 'text', fontSize: LABEL_SIZE }, encoding: { text: { field: 'label', type: 'nominal' } } },
          {
            transform: [{ filter: 'isValid(datum.detail)' }],
            mark: {
              type: 'text',
              fontSize: DETAIL_SIZE,
              opacity: 0.8,
              baseline: 'top',
              dy: 9,
              lineBreak: '\n',
              lineHeight: DETAIL_LINE,
            },
            encoding: { text: { field: 'detail', type: 'nominal' } },
          },
        ],
      },
    ],
  });
}

const LABEL_SIZE = 12;
const DETAIL_SIZE = 10;
const DETAIL_LINE = 12;

/** A box that holds its text. */
function boxOf({ id, label = String(id), detail }: GraphNode): { width: number; height: number } {
  const lines = detail ? detail.split('\n') : [];
  const widths = [
    textWidth(label, { size: LABEL_SIZE }),
    ...lines.map((line) => textWidth(line, { size: DETAIL_SIZE })),
  ];
  return { width: Math.ceil(Math.max(14, ...widths)) + 14, height: 24 + DETAIL_LINE * lines.length };
}

/** Without kinds all boxes have the first color. */
function boxColor(kinds: string[], width: number): VegaLiteSpec {
  if (kinds.length === 0) return { fill: { value: '#0072b2' }, stroke: { value: '#0072b2' } };
  const color = colorEncoding('kind', kinds, width);
  return { fill: color, stroke: color };
}

function edgeLayers(layout: Layout, edges: readonly GraphEdge[], at: (field: string) => VegaLiteSpec): VegaLiteSpec[] {
  const encoding = { x: at('x'), y: at('y') };
  const HEAD = 6;
  const heads = layout.routes.map((route) => {
    const [before, end] = [route.at(-2)!, route.at(-1)!];
    const [dx, dy] = [end.x - before.x, end.y - before.y];
    const length = Math.hypot(dx, dy) || 1;
    // A triangle points up at angle 0 and turns clockwise; its center stands behind its tip.
    const angle = (Math.atan2(dx, -dy) * 180) / Math.PI;
    return {
      x: round(end.x - (dx / length) * (HEAD / 2)),
      y: round(end.y - (dy / length) * (HEAD / 2)),
      angle: round(angle),
    };
  });
  const labels = edges.flatMap(({ label }, e) => {
    if (label === undefined || label === '') return [];
    const route = layout.routes[e]!;
    const [a, b] = [route[Math.floor((route.length - 1) / 2)]!, route[Math.ceil(route.length / 2)]!];
    return [{ x: round((a.x + b.x) / 2), y: round((a.y + b.y) / 2), label }];
  });
  const drawn = layout.routes.flatMap((route, e) => route.map(({ x, y }) => ({ edge: e, x: round(x), y: round(y) })));
  return [
    {
      data: { values: drawn },
      mark: { type: 'line', strokeWidth: 1.2, opacity: 0.75, color: INK, interpolate: 'linear', strokeJoin: 'round' },
      encoding: { ...encoding, detail: { field: 'edge', type: 'nominal' }, order: { value: null } },
    },
    {
      data: { values: heads },
      mark: { type: 'point', shape: 'triangle', filled: true, size: 45, opacity: 1, color: INK },
      encoding: { ...encoding, angle: { field: 'angle', type: 'quantitative', scale: null } },
    },
    {
      data: { values: labels },
      mark: { type: 'text', align: 'left', dx: 5, fontSize: DETAIL_SIZE, lineBreak: '\n', lineHeight: DETAIL_LINE },
      encoding: { ...encoding, text: { field: 'label', type: 'nominal' } },
    },
  ];
}

function turnLayout({ centers, routes, width, height }: Layout): Layout {
  const turn = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x });
  return { centers: centers.map(turn), routes: routes.map((route) => route.map(turn)), width: height, height: width };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function readGraph(owner: string, source: Graph | GradientGraph): Graph {
  const { nodes, edges } = Object(source) as Partial<Graph | GradientGraph>;
  if (!Array.isArray(nodes) || !Array.isArray(edges)) {
    throw new OptionError(`${owner}: a graph must have arrays of nodes and edges, got ${show(source)}`);
  }
  return isGradientGraph(source) ? computation(source) : source;
}

function isGradientGraph(source: Graph | GradientGraph): source is GradientGraph {
  const [first] = source.nodes;
  return first !== undefined && 'variable' in first && 'name' in first;
}

function readArcs(
  owner: string,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): { from: number; to: number }[] {
  if (nodes.length === 0) throw new DataError(`${owner}: nodes must have at least one node, got none`);
  const index = new Map<string | number, number>();
  for (const [i, node] of nodes.entries()) {
    if (typeof node?.id !== 'string' && typeof node?.id !== 'number') {
      throw new OptionError(`${owner}: nodes[${i}].id must be a string or a number, got ${show(node?.id)}`);
    }
    if (index.has(node.id)) throw new DataError(`${owner}: ids of nodes must differ, got ${show(node.id)} twice`);
    index.set(node.id, i);
  }
  const find = (e: number, end: 'from' | 'to') => {
    const found = index.get(edges[e]![end]);
    if (found !== undefined) return found;
    throw new DataError(`${owner}: edges[${e}].${end} must be the id of a node, got ${show(edges[e]![end])}`);
  };
  const arcs = edges.map((_, e) => ({ from: find(e, 'from'), to: find(e, 'to') }));
  const sorted = topologicalOrder(nodes.length, arcs);
  if ('cycle' in sorted) {
    const names = sorted.cycle.map((v) => nodes[v]!.id).join(' → ');
    throw new DataError(`${owner}: edges must not form a cycle, got ${names}`);
  }
  return arcs;
}

/** Operations with the shapes of their results, and leaves with their names; arrows turned the way that the computation ran. */
function computation({ nodes, edges }: GradientGraph): Graph {
  return {
    nodes: nodes.map(({ id, name, shape, variable }) => ({
      id,
      label: variable === null ? name : variable || 'leaf',
      detail: showShape(shape),
      kind: variable === null ? 'operation' : 'leaf',
    })),
    edges: edges.map(({ from, to }) => ({ from: to, to: from })),
  };
}
