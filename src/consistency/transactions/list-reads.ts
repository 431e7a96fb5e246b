/** Anomalies that single reads of lists show: aborted, intermediate, garbage and future reads, duplicates, orders that do not fit. */
import type { Anomalies } from './anomaly.ts';
import type { Budget } from './cycles.ts';
import { begins, type ListKey, type ListRead } from './list-keys.ts';
import { type Atom, aborted, atom, listInWords, nameOf, type Transaction } from './transaction.ts';

/** Keys whose order of versions stands firm: every read is a beginning of the longest, and no element comes twice. */
export function soundKeys(
  keys: readonly ListKey[],
  transactions: readonly Transaction[],
  anomalies: Anomalies,
  budget: Budget,
): readonly ListKey[] {
  return keys.filter((at) => {
    const odd = at.reads.filter(({ elements }) => {
      budget.steps -= elements.length;
      return !begins(elements, at.order);
    });
    // All other reads hold nothing that the longest does not.
    const lists = [at.order, ...odd.map(({ elements }) => elements)];
    readAborted(at, lists, transactions, anomalies);
    readIntermediate(at, transactions, anomalies);
    incompatible(at, odd, anomalies);
    if (hasDuplicates(at, lists, anomalies) || odd.length > 0) return false;
    return !torn(at, anomalies);
  });
}

/** Garbage reads (elements that nobody appended), G1a (elements of aborted transactions), and committed elements after aborted ones: dirty updates. */
function readAborted(
  at: ListKey,
  lists: readonly (readonly unknown[])[],
  transactions: readonly Transaction[],
  anomalies: Anomalies,
): void {
  const bad = new Set<Atom>();
  for (const list of lists) {
    for (const element of list) {
      const append = at.appends.get(atom(element));
      if (append === undefined || aborted(transactions[append.id]!)) bad.add(atom(element));
    }
  }
  if (bad.size === 0) return;
  for (const { id, elements } of at.reads) {
    for (const element of elements) {
      if (!bad.has(atom(element))) continue;
      const append = at.appends.get(atom(element));
      const read = `${nameOf(id)} read ${at.key} as ${listInWords(elements)}`;
      if (append === undefined) anomalies.add('garbage-read', [id], () => `${read}, but nobody appended ${element}`);
      else
        anomalies.add(
          'G1a',
          [id, append.id],
          () => `${read}, but ${nameOf(append.id)}, which appended ${element}, aborted`,
        );
    }
  }
  let dirty: { id: number; element: unknown } | undefined;
  for (const element of at.order) {
    const append = at.appends.get(atom(element));
    if (append === undefined) continue;
    if (aborted(transactions[append.id]!)) dirty ??= { id: append.id, element };
    else if (dirty !== undefined) {
      const before = dirty;
      anomalies.add(
        'dirty-update',
        [before.id, append.id],
        () =>
          `${nameOf(append.id)} appended ${element} to ${at.key} on top of ${before.element}, which ${nameOf(before.id)} had appended and aborted`,
      );
      break;
    }
  }
}

/** G1b: a read ends with an element after which the same transaction appended another. */
function readIntermediate(at: ListKey, transactions: readonly Transaction[], anomalies: Anomalies): void {
  for (const { id, elements } of at.reads) {
    const append = elements.length === 0 ? undefined : at.appends.get(atom(elements.at(-1)));
    if (append === undefined || append.last || append.id === id || aborted(transactions[append.id]!)) continue;
    anomalies.add(
      'G1b',
      [id, append.id],
      () =>
        `${nameOf(id)} read ${at.key} as ${listInWords(elements)}, but ${nameOf(append.id)}, which appended ${append.element}, appended more to it before it ended`,
    );
  }
}

function hasDuplicates(at: ListKey, lists: readonly (readonly unknown[])[], anomalies: Anomalies): boolean {
  if (lists.every((list) => new Set(list.map(atom)).size === list.length)) return false;
  let found = false;
  for (const { id, elements } of at.reads) {
    const twice = elements.find((element, i) => elements.findIndex((other) => atom(other) === atom(element)) < i);
    if (twice === undefined) continue;
    found = true;
    anomalies.add(
      'duplicate-elements',
      [id],
      () => `${nameOf(id)} read ${at.key} as ${listInWords(elements)}, with ${twice} more than once`,
    );
  }
  return found;
}

/** Whether a transaction's appends do not stand in the order in which it made them, or a later one without an earlier one. */
function torn(at: ListKey, anomalies: Anomalies): boolean {
  const made = new Map<number, number>();
  for (const element of at.order) {
    const append = at.appends.get(atom(element));
    if (append === undefined || (append.ordinal === 0 && append.last)) continue;
    const before = made.get(append.id) ?? 0;
    made.set(append.id, before + 1);
    if (append.ordinal === before) continue;
    anomalies.add(
      'torn-append',
      [append.id],
      () =>
        `${nameOf(append.id)} appended ${append.element} to ${at.key} after ${append.ordinal} others, of which ${before} stand before it in ${listInWords(at.order)}`,
    );
    return true;
  }
  return false;
}

/** Reads that do not begin the longest one. */
function incompatible(at: ListKey, odd: readonly ListRead[], anomalies: Anomalies): void {
  const longest = at.reads.find(({ elements }) => elements === at.order);
  for (const { id, elements } of odd) {
    anomalies.add(
      'incompatible-order',
      [id, longest!.id],
      () =>
        `${nameOf(id)} read ${at.key} as ${listInWords(elements)}, ${nameOf(longest!.id)} as ${listInWords(at.order)}, and neither begins the other`,
    );
  }
}

/** Reads that do not fit what their own transaction read and appended before, or show what it appended only later. */
export function readWithin(transactions: readonly Transaction[], anomalies: Anomalies): void {
  for (const { id, micros, operation } of transactions) {
    if (operation.outcome !== 'ok' || micros.length < 2) continue;
    /** By key: what must stand at the end, and whether that is the whole list. */
    const expected = new Map<Atom, { readonly list: readonly unknown[]; readonly whole: boolean }>();
    const later = new Map<Atom, Set<Atom>>();
    for (const { f, key, value } of micros) {
      if (f !== 'append') continue;
      const elements = later.get(key);
      if (elements === undefined) later.set(key, new Set([atom(value)]));
      else elements.add(atom(value));
    }
    for (const { f, key, value } of micros) {
      const before = expected.get(key);
      if (f === 'append') {
        later.get(key)!.delete(atom(value));
        expected.set(key, { list: [...(before?.list ?? []), value], whole: before?.whole ?? false });
        continue;
      }
      const list = (value ?? []) as readonly unknown[];
      const pending = later.get(key);
      const early =
        pending === undefined || pending.size === 0 ? undefined : list.find((element) => pending.has(atom(element)));
      if (early !== undefined)
        anomalies.add(
          'future-read',
          [id],
          () => `${nameOf(id)} read ${key} as ${listInWords(list)} before it appended ${early} itself`,
        );
      else if (before !== undefined && !matches(list, before))
        anomalies.add(
          'internal',
          [id],
          () =>
            `${nameOf(id)} read ${key} as ${listInWords(list)}, but by what it had done itself before, the list ${before.whole ? 'is' : 'ends with'} ${listInWords(before.list)}`,
        );
      expected.set(key, { list, whole: true });
    }
  }
}

function matches(
  list: readonly unknown[],
  { list: expected, whole }: { list: readonly unknown[]; whole: boolean },
): boolean {
  if (list.length < expected.length || (whole && list.length !== expected.length)) return false;
  return begins(expected, list.slice(list.length - expected.length));
}

/** Lost updates: transactions that read the same version of a key and then both appended to it. */
export function lostUpdates(keys: readonly ListKey[], anomalies: Anomalies): void {
  for (const at of keys) {
    const first = new Map<number, number>();
    for (const { id, length } of at.updates) {
      const other = first.get(length);
      if (other === undefined) first.set(length, id);
      else if (other !== id)
        anomalies.add(
          'lost-update',
          [other, id],
          () =>
            `${nameOf(other)} and ${nameOf(id)} both read ${at.key} as ${listInWords(at.order.slice(0, length))} and both appended to it`,
        );
    }
  }
}
