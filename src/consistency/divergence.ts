/** Whether replicas hold the same data at the same place of the log. */
import { type Verdict, worst } from '../verdict.ts';
import { holesIn, type Run, readGtidSet, runsOf, sameGtids } from './gtid.ts';

/** What was read of one replica while nothing was written. */
export interface ReplicaState {
  readonly replica: string;
  /** What it has executed: `gtid_executed` of MySQL, `gtid_current_pos` of MariaDB, or any other name of a place in the log, such as `binlog.000003:1207`. */
  readonly position: string;
  /** Checksum of each table. */
  readonly tables: Readonly<Record<string, string | number>>;
  /** Sequence numbers that the replica's log holds, where they were read: they must have no hole. */
  readonly sequence?: Iterable<number>;
  /** A file of the replica's own log: how far its data was committed in it, and where it ends, in bytes. No log may end before its data. */
  readonly committed?: { readonly file: string; readonly at: number; readonly end: number };
}

export interface Difference {
  readonly replicas: readonly [string, string];
  readonly table: string;
  /** Checksum on each; undefined where the table is not there. */
  readonly checksums: readonly [string | number | undefined, string | number | undefined];
}

export interface DivergenceResult {
  /** `unknown` where replicas stand at different places and so cannot be compared, or where there is only one. */
  readonly verdict: Verdict;
  readonly why: string;
  readonly differences: readonly Difference[];
  /** Holes in the logs, by replica. */
  readonly holes: readonly { readonly replica: string; readonly source: string; readonly missing: readonly Run[] }[];
  /** Pairs of replicas at different places of the log. */
  readonly apart: readonly (readonly [string, string])[];
}

/**
 * Replicas with equal positions must have equal checksums, and no sequence may have a hole: neither the numbers that a log holds nor
 * the intervals of a GTID set. No log may end before its data does.
 */
export function replicaDivergence(replicas: readonly ReplicaState[]): DivergenceResult {
  const differences: Difference[] = [];
  const apart: (readonly [string, string])[] = [];
  for (const [i, a] of replicas.entries()) {
    for (const b of replicas.slice(i + 1)) {
      if (!samePosition(a.position, b.position)) apart.push([a.replica, b.replica]);
      else differences.push(...compare(a, b));
    }
  }
  const holes = replicas.flatMap((state) => {
    const gtids = isGtidSet(state.position) ? [...readGtidSet(state.position)] : [];
    const sources = gtids.map(([source, runs]) => ({ source, missing: holesIn(runs) }));
    if (state.sequence !== undefined) sources.push({ source: 'log', missing: holesIn(runsOf(state.sequence)) });
    return sources
      .filter(({ missing }) => missing.length > 0)
      .map(({ source, missing }) => ({ replica: state.replica, source, missing }));
  });
  const short = replicas.filter(({ committed }) => committed !== undefined && committed.end < committed.at);
  const verdict = worst([
    differences.length + holes.length + short.length > 0 ? 'fail' : 'pass',
    apart.length > 0 || replicas.length < 2 ? 'unknown' : 'pass',
  ]);
  const why = [
    ...differences.map(inWords),
    ...holes.map(({ replica, source, missing }) => {
      const runs = missing.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`));
      return `${replica} misses ${runs.slice(0, 5).join(', ')}${runs.length > 5 ? ` and ${runs.length - 5} more` : ''} of ${source}`;
    }),
    ...short.map(({ replica, committed }) => {
      const { file, at, end } = committed!;
      return `${replica} has lost the end of its log: ${file} ends at ${end}, and the data was committed up to ${at}; whoever follows it lacks what lies between`;
    }),
    ...apart.map(([a, b]) => `${a} and ${b} stand at different places of the log and were not compared`),
  ];
  const fine =
    replicas.length < 2
      ? `${replicas.length} replicas: nothing to compare`
      : `${replicas.length} replicas hold the same data at the same place of the log`;
  return Object.freeze({ verdict, why: why.length === 0 ? fine : why.join('; '), differences, holes, apart });
}

function compare(a: ReplicaState, b: ReplicaState): readonly Difference[] {
  const tables = [...new Set([...Object.keys(a.tables), ...Object.keys(b.tables)])].sort();
  return tables
    .filter((table) => String(a.tables[table]) !== String(b.tables[table]))
    .map((table) => ({
      replicas: [a.replica, b.replica],
      table,
      checksums: [a.tables[table], b.tables[table]],
    }));
}

function inWords({ replicas: [a, b], table, checksums: [x, y] }: Difference): string {
  if (x === undefined || y === undefined)
    return `table ${table} is on ${x === undefined ? b : a} and not on ${x === undefined ? a : b}`;
  return `table ${table} has checksum ${x} on ${a} and ${y} on ${b} at the same place of the log`;
}

function samePosition(a: string, b: string): boolean {
  return a === b || (isGtidSet(a) && isGtidSet(b) && sameGtids(readGtidSet(a), readGtidSet(b)));
}

function isGtidSet(position: string): boolean {
  try {
    return readGtidSet(position).size > 0;
  } catch {
    return false;
  }
}
