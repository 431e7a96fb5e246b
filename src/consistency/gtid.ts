/** Sets of global transaction identifiers, as MySQL and MariaDB write them. */
import { InputError } from '../errors.ts';

/** A run of sequence numbers, both ends included. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** By source (MySQL: server UUID, with its tag; MariaDB: domain and server): rising runs that do not touch. */
export type GtidSet = ReadonlyMap<string, readonly Run[]>;

const MYSQL = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::[a-z_]\w*)?)((?::\d+(?:-\d+)?)+)$/i;
const MARIADB = /^(\d+)-(\d+)-(\d+)$/;

/**
 * Reads `uuid:1-5:7,...` (MySQL) or `domain-server-sequence,...` (MariaDB). MariaDB names only the latest of each domain: a run of one.
 * @throws InputError naming the part that is neither
 */
export function readGtidSet(text: string): GtidSet {
  const sources = new Map<string, Run[]>();
  const add = (source: string, run: Run): void => {
    const runs = sources.get(source);
    if (runs === undefined) sources.set(source, [run]);
    else runs.push(run);
  };
  for (const part of text.split(',').map((word) => word.trim())) {
    if (part === '') continue;
    const mysql = MYSQL.exec(part);
    const mariadb = MARIADB.exec(part);
    if (mysql !== null)
      for (const interval of mysql[2]!.slice(1).split(':')) {
        const [from, to = from] = interval.split('-').map(Number);
        add(mysql[1]!.toLowerCase(), { from: from!, to: to! });
      }
    else if (mariadb !== null) add(`${mariadb[1]}-${mariadb[2]}`, { from: Number(mariadb[3]), to: Number(mariadb[3]) });
    else throw new InputError(`not a GTID: ${part}; expected uuid:1-5 (MySQL) or 0-1-100 (MariaDB)`);
  }
  return new Map([...sources].map(([source, runs]) => [source, merged(runs)]));
}

/** Whether two sets hold the same transactions. */
export function sameGtids(a: GtidSet, b: GtidSet): boolean {
  const words = (set: GtidSet): string =>
    JSON.stringify([...set].filter(([, runs]) => runs.length > 0).sort(([x], [y]) => (x < y ? -1 : 1)));
  return words(a) === words(b);
}

/** Runs of consecutive numbers, rising. Numbers may come in any order and more than once. */
export function runsOf(numbers: Iterable<number>): readonly Run[] {
  return merged([...numbers].map((number) => ({ from: number, to: number })));
}

/** What is missing between the runs. */
export function holesIn(runs: readonly Run[]): readonly Run[] {
  return runs.slice(1).map(({ from }, i) => ({ from: runs[i]!.to + 1, to: from - 1 }));
}

function merged(runs: readonly Run[]): readonly Run[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of runs.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}
