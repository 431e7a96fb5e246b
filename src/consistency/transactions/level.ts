/** Isolation levels and the anomalies that each forbids (Adya 1999; Adya, Liskov and O'Neil 2000; Cerone and Gotsman 2016 for snapshots). */

export type Level =
  | 'read-uncommitted'
  | 'read-committed'
  | 'snapshot-isolation'
  | 'repeatable-read'
  | 'serializable'
  | 'strong-session-snapshot-isolation'
  | 'strong-session-serializable'
  | 'strong-snapshot-isolation'
  | 'strict-serializable';

/** Cycles of dependencies, the worst first: whoever forbids one forbids those before it, but for snapshot isolation, which allows G2-item. */
export const CYCLES = Object.freeze(['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'] as const);
export type CycleName = (typeof CYCLES)[number];

/** Orders that a cycle needs beside the dependencies through data. */
export type ExtraOrder = 'none' | 'process' | 'realtime';

/** What single transactions or single keys show. */
export type DirectName =
  | 'G1a'
  | 'G1b'
  | 'internal'
  | 'future-read'
  | 'garbage-read'
  | 'duplicate-elements'
  /** A transaction's appends to a key in another order than it made them, or with gaps. */
  | 'torn-append'
  | 'incompatible-order'
  | 'dirty-update'
  | 'lost-update';

export type AnomalyName = CycleName | DirectName | `${CycleName}-process` | `${CycleName}-realtime`;

/** Below this level nothing rules the anomaly out. Both of two levels where neither is weaker than the other. */
const WEAKEST: Readonly<Record<CycleName | DirectName, readonly Level[]>> = {
  G0: ['read-uncommitted'],
  // Versions are made of what was written, once each, whatever the level.
  'garbage-read': ['read-uncommitted'],
  'duplicate-elements': ['read-uncommitted'],
  'torn-append': ['read-uncommitted'],
  G1a: ['read-committed'],
  G1b: ['read-committed'],
  G1c: ['read-committed'],
  // Two orders of which one was never committed.
  'incompatible-order': ['read-committed'],
  'dirty-update': ['read-committed'],
  'future-read': ['read-committed'],
  internal: ['snapshot-isolation', 'repeatable-read'],
  'lost-update': ['snapshot-isolation', 'repeatable-read'],
  'G-single': ['snapshot-isolation', 'repeatable-read'],
  'G-nonadjacent': ['snapshot-isolation', 'repeatable-read'],
  'G2-item': ['repeatable-read'],
};

const STRENGTH: Readonly<Record<ExtraOrder, number>> = { none: 0, process: 1, realtime: 2 };

/** Data levels that a level includes, itself among them, and the order that it keeps beside the data. */
const LEVELS: Readonly<Record<Level, { readonly includes: readonly Level[]; readonly order: ExtraOrder }>> = (() => {
  const committed: Level[] = ['read-uncommitted', 'read-committed'];
  const snapshot: Level[] = [...committed, 'snapshot-isolation'];
  const repeatable: Level[] = [...committed, 'repeatable-read'];
  const serializable: Level[] = [...snapshot, 'repeatable-read', 'serializable'];
  return {
    'read-uncommitted': { includes: ['read-uncommitted'], order: 'none' },
    'read-committed': { includes: committed, order: 'none' },
    'snapshot-isolation': { includes: snapshot, order: 'none' },
    'repeatable-read': { includes: repeatable, order: 'none' },
    serializable: { includes: serializable, order: 'none' },
    'strong-session-snapshot-isolation': { includes: snapshot, order: 'process' },
    'strong-session-serializable': { includes: serializable, order: 'process' },
    'strong-snapshot-isolation': { includes: snapshot, order: 'realtime' },
    'strict-serializable': { includes: serializable, order: 'realtime' },
  } as const;
})();

/** The order that a level keeps beside the data. */
export function orderOf(level: Level): ExtraOrder {
  return LEVELS[level].order;
}

/** Whether a level forbids an anomaly. */
export function forbids(level: Level, anomaly: AnomalyName): boolean {
  const { name, order } = parse(anomaly);
  const { includes, order: kept } = LEVELS[level];
  return STRENGTH[order] <= STRENGTH[kept] && WEAKEST[name].some((weakest) => includes.includes(weakest));
}

/** The weakest levels that an anomaly breaks; every stronger one is broken too. */
export function weakestBroken(anomaly: AnomalyName): readonly Level[] {
  const { name, order } = parse(anomaly);
  if (order === 'none') return WEAKEST[name];
  if (name === 'G2-item') return [order === 'process' ? 'strong-session-serializable' : 'strict-serializable'];
  return [order === 'process' ? 'strong-session-snapshot-isolation' : 'strong-snapshot-isolation'];
}

/** The weakest levels that any of several anomalies breaks. */
export function weakestOf(anomalies: Iterable<AnomalyName>): readonly Level[] {
  const broken = [...new Set([...anomalies].flatMap(weakestBroken))];
  return broken.filter((level) => !broken.some((other) => other !== level && implies(level, other)));
}

/** The place of an anomaly among the others, the worst first. */
export function severity(anomaly: AnomalyName): number {
  const { name, order } = parse(anomaly);
  return STRENGTH[order] * 100 + Object.keys(WEAKEST).indexOf(name);
}

/** Whether keeping one level means keeping the other. */
function implies(strong: Level, weak: Level): boolean {
  const [a, b] = [LEVELS[strong], LEVELS[weak]];
  return STRENGTH[b.order] <= STRENGTH[a.order] && b.includes.every((level) => a.includes.includes(level));
}

function parse(anomaly: AnomalyName): { readonly name: CycleName | DirectName; readonly order: ExtraOrder } {
  for (const order of ['process', 'realtime'] as const)
    if (anomaly.endsWith(`-${order}`)) return { name: anomaly.slice(0, -order.length - 1) as CycleName, order };
  return { name: anomaly as CycleName | DirectName, order: 'none' };
}
