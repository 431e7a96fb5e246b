/** Counts what became of acknowledged writes. Linearizability judges; the ledger says how much. */
import type { History } from '../history/operation.ts';
import { type Operation, pair } from '../history/pair.ts';
import type { Verdict } from '../verdict.ts';
import { same } from './model.ts';

export interface Ledger {
  /** Writes and compare-and-sets that a client was told had happened. */
  readonly acknowledged: number;
  /** Of these, those that the final reads show to be gone. This is the RPO in operations. */
  readonly lost: number;
  /** Values that came back after another had been read in their place, though nothing was lost that could explain it. */
  readonly duplicated: number;
  /** Writes of which nobody knows whether they happened. */
  readonly unknown: number;
  /** `fail` where something was lost or duplicated; `unknown` where nothing was acknowledged or a written key has no final read. */
  readonly verdict: Verdict;
  readonly why: string;
  /** Indexes of the invocations of lost writes. */
  readonly lostOperations: readonly number[];
  /** Keys whose end nobody saw, or whose final value nobody wrote. */
  readonly unjudged: readonly string[];
}

interface KeyLedger {
  readonly key: string;
  readonly acknowledged: readonly Operation[];
  readonly lost: readonly Operation[];
  readonly duplicated: number;
  readonly unknown: number;
  readonly judged: boolean;
}

/**
 * The ledger of a history over registers in which every written value is unique within its key.
 *
 * A key's **final read** is its last acknowledged read, provided that it began after every acknowledged write of the key had
 * ended. Its value may be of any write that could have come last: the last acknowledged one, one concurrent with it, or one
 * of unknown end (which may take effect at any time after its invocation). An acknowledged write is **lost** where it began
 * after the write of the value finally read had ended, for then nothing but a loss explains that the earlier value stands;
 * where the final read finds nothing (null), every acknowledged write of the key is lost.
 * Loss that a later write hides is not counted here: it is linearizability that sees it.
 */
export function ledgerOf(history: History): Ledger {
  const keys = new Map<string, Operation[]>();
  for (const operation of pair(history)) {
    const key = operation.key ?? '';
    const operations = keys.get(key);
    if (operations === undefined) keys.set(key, [operation]);
    else operations.push(operation);
  }
  const parts = [...keys].map(([key, operations]) => ledgerOfKey(key, operations));
  const sum = (count: (part: KeyLedger) => number): number => parts.reduce((total, part) => total + count(part), 0);
  const acknowledged = sum((part) => part.acknowledged.length);
  const lost = sum((part) => part.lost.length);
  const duplicated = sum((part) => part.duplicated);
  const unjudged = parts.filter((part) => !part.judged).map(({ key }) => key);
  const verdict = lost + duplicated > 0 ? 'fail' : acknowledged === 0 || unjudged.length > 0 ? 'unknown' : 'pass';
  const open = unjudged.length === 0 ? '' : `; nobody knows the end of ${unjudged.length} of ${parts.length} keys`;
  return Object.freeze<Ledger>({
    acknowledged,
    lost,
    duplicated,
    unknown: sum((part) => part.unknown),
    verdict,
    why: `${acknowledged} acknowledged, ${lost} lost, ${duplicated} duplicated${open}`,
    lostOperations: parts.flatMap((part) => part.lost.map(({ invoked }) => invoked)).sort((a, b) => a - b),
    unjudged,
  });
}

function ledgerOfKey(key: string, operations: readonly Operation[]): KeyLedger {
  const writes = operations.filter(({ f, outcome }) => f !== 'read' && outcome !== 'fail');
  const acknowledged = writes.filter(({ outcome }) => outcome === 'ok');
  const unknown = writes.length - acknowledged.length;
  const reads = operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
  // Not by spreading: a long run acknowledges more writes than a call may have arguments.
  const lastEnd = acknowledged.reduce((last, { returned }) => Math.max(last, returned!), -1);
  const final = reads.findLast(({ invoked }) => invoked > lastEnd);
  const seen = final === undefined ? undefined : writes.find((write) => same(written(write), final.value));
  const judged = writes.length === 0 || (final !== undefined && (final.value === null || seen !== undefined));
  const lost = !judged
    ? []
    : acknowledged.filter((write) => final?.value === null || (seen?.returned ?? Infinity) < write.invoked);
  return { key, acknowledged, lost, duplicated: lost.length > 0 ? 0 : comebacks(reads), unknown, judged };
}

/** How many values are read again by a read that began after another value's read had ended, which itself began after the first had ended. */
function comebacks(reads: readonly Operation[]): number {
  const back = new Set<string>();
  const firstEnd = new Map<string, number>();
  /** Latest beginning of an ended read, and the latest of one with another value than that. */
  let newest = { value: '', invoked: -1 };
  let other = { value: '', invoked: -1 };
  const byReturn = reads.toSorted((a, b) => a.returned! - b.returned!);
  let ended = 0;
  for (const read of reads) {
    for (; byReturn[ended]!.returned! < read.invoked; ended++) {
      const { invoked, returned, value } = byReturn[ended]!;
      const name = JSON.stringify(value);
      if (!firstEnd.has(name)) firstEnd.set(name, returned!);
      if (name === newest.value) newest = { value: name, invoked: Math.max(invoked, newest.invoked) };
      else if (invoked > newest.invoked) [other, newest] = [newest, { value: name, invoked }];
      else if (invoked > other.invoked) other = { value: name, invoked };
    }
    const name = JSON.stringify(read.value);
    const between = newest.value === name ? other : newest;
    if (between.invoked > (firstEnd.get(name) ?? Infinity)) back.add(name);
  }
  return back.size;
}

/** The value that a write or a compare-and-set leaves. */
function written({ f, value }: Operation): unknown {
  return f === 'cas' ? (value as readonly [unknown, unknown])[1] : value;
}
