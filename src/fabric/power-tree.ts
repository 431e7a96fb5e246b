/** The power tree of a leaf-spine design: feed, UPS, a PDU A and B in each rack, an outlet for each supply. */
import type { LeafSpineDesign, PowerDesign, PowerElement, PoweredDevice, PowerPlace, PowerTree } from './fabric.ts';
import { rackName, type WiredNode } from './wiring.ts';

/** What data centres have: two of everything up to the device. */
export const DEFAULT_POWER: PowerDesign = Object.freeze({
  feeds: 2,
  zones: 3,
  rowsOf: 4,
  supplies: Object.freeze({ spine: 2, leaf: 2, server: 2 }),
});

const SIDES = ['a', 'b'] as const;
const POD = 'pod-1';

/** Racks are dealt to zones one after the other: rack 1, 2 and 3 are in three zones. Spines likewise. */
export function zoneName({ zones }: PowerDesign, number: number): string {
  return `zone-${zoneOf(zones, number)}`;
}

/** A row holds racks of one zone; one more rack renames no row. */
export function rowName({ zones, rowsOf }: PowerDesign, rack: number): string {
  const withinZone = Math.floor((rack - 1) / zones);
  return `row-${Math.floor(withinZone / rowsOf) * zones + zoneOf(zones, rack)}`;
}

function zoneOf(zones: number, number: number): number {
  return ((number - 1) % zones) + 1;
}

/** The tree of a design without problems. Spines stand apart, each with PDUs of its own, in no rack. */
export function powerTree(design: LeafSpineDesign, nodes: readonly WiredNode[]): PowerTree {
  const power = design.power ?? DEFAULT_POWER;
  const feeds = SIDES.slice(0, power.feeds);
  const elements: PowerElement[] = feeds.flatMap((side): PowerElement[] => [
    { name: `feed-${side}`, kind: 'feed', from: [] },
    { name: `ups-${side}`, kind: 'ups', from: [`feed-${side}`] },
  ]);
  const places: PowerPlace[] = [];
  const known = new Set<string>();
  const place = (name: string, kind: PowerPlace['kind'], within?: string) => {
    if (known.has(name)) return name;
    known.add(name);
    places.push({ name, kind, ...(within !== undefined && { within }) });
    return name;
  };
  place(POD, 'pod');
  const equipped = new Set<string>();
  /** Outlets in use, by PDU. */
  const outlets = new Map<string, number>();
  const devices = nodes.map((node): PoweredDevice => {
    const zone = place(zoneName(power, node.rack || node.index), 'zone', POD);
    const within =
      node.rack === 0 ? zone : place(rackName(node.rack), 'rack', place(rowName(power, node.rack), 'row', zone));
    const base = node.rack === 0 ? node.name : within;
    const supplies = sidesOf(node, power.supplies[node.role]).map((side) => {
      const pdu = `${base}-pdu-${side}`;
      const number = (outlets.get(pdu) ?? 0) + 1;
      outlets.set(pdu, number);
      return { pdu, outlet: `${pdu}-${number}` };
    });
    if (!equipped.has(base)) {
      equipped.add(base);
      // Side B hangs on side A's UPS where there is no other.
      for (const [i, side] of SIDES.entries())
        elements.push({ name: `${base}-pdu-${side}`, kind: 'pdu', from: [`ups-${feeds[i] ?? 'a'}`], within });
    }
    for (const { pdu, outlet } of supplies) elements.push({ name: outlet, kind: 'outlet', from: [pdu], within });
    return { node: node.name, supplies: supplies.map(({ outlet }) => outlet), within };
  });
  return { elements, devices, places };
}

/** A single supply goes to A and B by turns, from rack to rack and within it, so that no side carries all of them. */
function sidesOf({ rack, index, role }: WiredNode, supplies: number): readonly (typeof SIDES)[number][] {
  if (supplies > 1) return SIDES;
  const turn = role === 'server' ? rack + index : (rack || index) + 1;
  return [turn % 2 === 0 ? 'a' : 'b'];
}
