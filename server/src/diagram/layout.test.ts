import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Arrow, DiagramGraph, DiagramNode, DrawnArea } from './graph.ts';
import { ARROW_DIRECTIONS, type Box, type DiagramLayout, layoutGraph, type Point } from './layout.ts';

const name = fc.string({ minLength: 1, maxLength: 30 });
const number = fc.nat({ max: 1_000_000 });

/** Any graph: zones with sites in them, machines in either or in none, arrows between any two of them. */
const graphs: fc.Arbitrary<DiagramGraph> = fc
  .record({
    zones: fc.array(name, { maxLength: 5 }),
    sites: fc.array(fc.record({ name, zone: number }), { maxLength: 6 }),
    nodes: fc.array(fc.record({ name, area: number, lines: fc.array(name, { maxLength: 6 }) }), {
      minLength: 1,
      maxLength: 16,
    }),
    arrows: fc.array(fc.record({ from: number, to: number, blocked: fc.boolean() }), { maxLength: 40 }),
    firewalls: fc.array(fc.record({ name, zone: number }), { maxLength: 2 }),
  })
  .map(({ zones, sites, nodes, arrows, firewalls }) => {
    const areas: DrawnArea[] = zones.map((title, index) => ({
      id: `zone:${index}`,
      kind: 'zone',
      title,
      detail: [],
      internet: false,
    }));
    for (const [index, { name: title, zone }] of sites.entries()) {
      const parent = zones.length === 0 ? undefined : `zone:${zone % zones.length}`;
      areas.push({ id: `site:${index}`, kind: 'site', title, detail: [], internet: false, parent });
    }
    const placed = nodes.map(({ name: title, area, lines }, index): DiagramNode => {
      const parent = areas[area % (areas.length + 1)]?.id;
      return { id: `server:${index}`, kind: 'server', title, detail: [], lines, internet: false, parent };
    });
    // An area is never empty.
    const full = new Set(placed.map(({ parent }) => parent));
    for (const { id, parent } of [...areas].reverse()) if (full.has(id)) full.add(parent);
    const pairs = new Map<string, Arrow>();
    for (const { from, to, blocked } of arrows) {
      const source = placed[from % placed.length]?.id ?? '';
      const target = placed[to % placed.length]?.id ?? '';
      const id = `${source}>${target}`;
      if (source === target || pairs.has(id)) continue;
      pairs.set(id, {
        id,
        title: id,
        detail: [],
        from: source,
        to: target,
        state: blocked ? 'blocked' : 'allowed',
        ports: ['tcp 80, 443, 445, 1433, 8530, 49152-65535', 'udp 135'].slice(0, 1 + (from % 2)),
        blocked: blocked ? ['tcp 445'] : [],
        spare: from % 3 === 0 ? ['udp 67'] : [],
        need: from % 2 === 0 ? 'needed' : 'choice',
        needLabel: from % 2 === 0 ? '' : 'one of 3',
        crossings: firewalls.map((_, index) => ({ firewall: `firewall:${index}`, blocks: blocked })),
      });
    }
    const kept = areas.filter(({ id }) => full.has(id));
    return {
      title: 'any',
      description: '',
      legend: { allowed: '', blocked: '', unchecked: '', firewall: '' },
      collapse: 'none',
      areas: kept,
      nodes: placed,
      arrows: [...pairs.values()],
      firewalls: firewalls.map(({ name: title, zone }, index) => ({
        id: `firewall:${index}`,
        title,
        detail: [],
        zones: kept.filter(({ id }) => id === `zone:${zone % 5}`).map(({ id }) => id),
      })),
    };
  });

const right = ({ x, width }: Box) => x + width;
const bottom = ({ y, height }: Box) => y + height;
const overlap = (a: Box, b: Box, slack = 0.01): boolean =>
  a.x < right(b) - slack && b.x < right(a) - slack && a.y < bottom(b) - slack && b.y < bottom(a) - slack;
const contains = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x && outer.y <= inner.y && right(outer) >= right(inner) && bottom(outer) >= bottom(inner);
const segments = (points: readonly Point[]): Box[] =>
  points.slice(1).map((b, index) => {
    const a = points[index] ?? b;
    return {
      x: Math.min(a.x, b.x),
      y: Math.min(a.y, b.y),
      width: Math.abs(a.x - b.x),
      height: Math.abs(a.y - b.y),
    };
  });

describe('diagram layout', () => {
  const property = (test: (layout: DiagramLayout) => void) =>
    fc.assert(
      fc.property(graphs, fc.constantFrom(...ARROW_DIRECTIONS), (graph, direction) =>
        test(layoutGraph(graph, direction)),
      ),
      { numRuns: 300 },
    );

  it('keeps boxes apart, each inside its area, and everything on the paper', () => {
    property(({ nodes, areas, width, height }) => {
      const boxes = new Map([
        ...nodes.map(({ node, box }) => [node.id, box] as const),
        ...areas.map(({ area, box }) => [area.id, box] as const),
      ]);
      for (const [id, box] of boxes) {
        assert.ok(
          [box.x, box.y, box.width, box.height].every(Number.isFinite),
          `${id} stands nowhere: ${JSON.stringify(box)}`,
        );
        assert.ok(
          box.x >= 0 && box.y >= 0 && right(box) <= width && bottom(box) <= height,
          `${id} is cut off`,
        );
      }
      for (const [index, a] of nodes.entries()) {
        for (const b of nodes.slice(index + 1))
          assert.ok(!overlap(a.box, b.box), `${a.node.id} lies on ${b.node.id}`);
        for (const b of areas) {
          const inside = isInside(a.node.parent, b.area.id, areas);
          if (inside) assert.ok(contains(b.box, a.box), `${a.node.id} sticks out of ${b.area.id}`);
          else
            assert.ok(
              !overlap(a.box, b.box),
              `${a.node.id} stands in ${b.area.id}, which it does not belong to`,
            );
        }
      }
    });
  });

  it('shortens no short title of an area: each is made wide enough for its own', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(...ARROW_DIRECTIONS), (graph, direction) => {
        const areas = graph.areas.map((area) => ({ ...area, title: area.title.slice(0, 20) }));
        const placed = layoutGraph({ ...graph, areas, firewalls: [] }, direction).areas;
        for (const { area, title } of placed) assert.equal(title, area.title);
      }),
    );
  });

  it('keeps a machine between two of a zone out of that zone', () => {
    const node = (id: string, parent?: string): DiagramNode => ({
      id,
      kind: 'server',
      title: id,
      detail: [],
      lines: [],
      internet: false,
      parent,
    });
    const arrow = (from: string, to: string, ports: readonly string[]): Arrow => ({
      id: `${from}>${to}`,
      title: '',
      detail: [],
      from,
      to,
      state: 'allowed',
      ports,
      blocked: [],
      spare: [],
      need: 'needed',
      needLabel: '',
      crossings: [],
    });
    const area = (id: string, kind: DrawnArea['kind'], parent?: string): DrawnArea => ({
      id,
      kind,
      title: id,
      detail: [],
      internet: false,
      parent,
    });
    const tcp = 'tcp 80, 443, 445, 1433, 8530, 49152-65535';
    const { nodes, areas } = layoutGraph({
      title: '',
      description: '',
      legend: { allowed: '', blocked: '', unchecked: '', firewall: '' },
      collapse: 'none',
      areas: [area('hq', 'zone'), area('S1', 'site', 'hq'), area('S2', 'site', 'hq')],
      nodes: [
        node('a', 'S2'),
        node('b', 'hq'),
        node('c', 'hq'),
        node('d', 'S2'),
        node('outside'),
        node('e', 'hq'),
        node('f', 'S1'),
      ],
      arrows: [
        arrow('outside', 'a', [tcp, 'udp 135']),
        arrow('outside', 'f', [tcp]),
        arrow('b', 'e', [tcp]),
        arrow('b', 'f', [tcp]),
        arrow('d', 'outside', [tcp]),
      ],
      firewalls: [],
    });
    const outside = nodes.find(({ node: { id } }) => id === 'outside');
    assert.ok(outside);
    for (const { area: own, box } of areas) assert.ok(!overlap(outside.box, box), own.id);
  });

  it('leads no arrow over a box, and every arrow from its box to its target', () => {
    property(({ direction, nodes, arrows }) => {
      const boxes = new Map(nodes.map(({ node, box }) => [node.id, box]));
      for (const { arrow, points } of arrows) {
        const [start] = points;
        const end = points.at(-1);
        const from = boxes.get(arrow.from);
        const to = boxes.get(arrow.to);
        assert.ok(start && end && from && to);
        const touches = direction === 'down' ? touchesAbove : touchesBeside;
        assert.ok(touches(from, start) && touches(to, end), `${arrow.id} ends in the air`);
        for (const segment of segments(points)) {
          for (const [id, box] of boxes)
            assert.ok(
              !overlap({ ...segment, width: segment.width + 0.1, height: segment.height + 0.1 }, box, 0.2),
              `${arrow.id} runs over ${id}`,
            );
        }
      }
    });
  });

  it('writes no ports over a box or over other ports', () => {
    property(({ nodes, arrows }) => {
      const labels = arrows.flatMap(({ arrow, label }) =>
        label
          ? [
              {
                id: arrow.id,
                box: {
                  x: label.at.x - label.width / 2,
                  y: label.at.y - label.lines.length * 6,
                  width: label.width,
                  height: label.lines.length * 12,
                },
              },
            ]
          : [],
      );
      for (const [index, a] of labels.entries()) {
        for (const { node, box } of nodes) assert.ok(!overlap(a.box, box), `ports of ${a.id} on ${node.id}`);
        for (const b of labels.slice(index + 1))
          assert.ok(!overlap(a.box, b.box), `ports of ${a.id} on ${b.id}`);
      }
    });
  });

  it('leads arrows from above into a collapsed zone beside its firewalls, not under them', () => {
    const zones = ['hq', 'branch', 'internet'];
    const placed = layoutGraph(
      {
        title: '',
        description: '',
        legend: { allowed: '', blocked: '', unchecked: '', firewall: '' },
        collapse: 'zone',
        areas: [],
        nodes: zones.map((id) => ({ id, kind: 'zone', title: id, detail: [], lines: [], internet: false })),
        arrows: zones.flatMap((from) =>
          zones
            .filter((to) => to !== from)
            .map(
              (to): Arrow => ({
                id: `${from}>${to}`,
                title: '',
                detail: [],
                from,
                to,
                state: 'allowed',
                ports: ['tcp 443'],
                blocked: [],
                spare: [],
                need: 'needed',
                needLabel: '',
                crossings: [],
              }),
            ),
        ),
        firewalls: ['edge', 'branch line'].map((title) => ({ id: title, title, detail: [], zones })),
      },
      'down',
    );
    assert.equal(placed.barriers.length, 6);
    for (const { arrow, points } of placed.arrows) {
      for (const { x, y } of [points[0], points.at(-1)] as Point[]) {
        for (const { barrier, box } of placed.barriers) {
          const isUnder = x > box.x - 3 && x < right(box) + 3 && y > box.y && y < bottom(box);
          assert.ok(!isUnder, `${arrow.id} ends under ${barrier.title}`);
        }
      }
    }
  });

  it('draws the same picture every time', () => {
    fc.assert(
      fc.property(graphs, (graph) => assert.deepEqual(layoutGraph(graph), layoutGraph(graph))),
      { numRuns: 20 },
    );
  });
});

const near = (a: number, b: number) => Math.abs(a - b) < 0.01;

/** On the upper or lower border. */
function touchesAbove(box: Box, { x, y }: Point): boolean {
  return (near(y, box.y) || near(y, bottom(box))) && x >= box.x && x <= right(box);
}

function touchesBeside(box: Box, { x, y }: Point): boolean {
  return (near(x, box.x) || near(x, right(box))) && y >= box.y && y <= bottom(box);
}

function isInside(parent: string | undefined, area: string, areas: DiagramLayout['areas']): boolean {
  if (parent === undefined) return false;
  if (parent === area) return true;
  return isInside(areas.find(({ area: { id } }) => id === parent)?.area.parent, area, areas);
}
