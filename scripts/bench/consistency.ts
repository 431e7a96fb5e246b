/** How fast histories are judged. */

import { set } from '../../src/consistency/set.ts';
import { listAppend } from '../../src/consistency/transactions/list-append.ts';
import { rwRegister } from '../../src/consistency/transactions/rw-register.ts';
import type { History } from '../../src/history/operation.ts';
import { setRequestAt, setWorkload } from '../../src/history/set-workload.ts';
import {
  type TransactionWorkload,
  transactionAt,
  transactionWorkload,
} from '../../src/history/transaction-workload.ts';
import { mix } from '../../src/random.ts';
import { type Benchmark, benchmark, medianMs } from './benchmark.ts';

const CLIENTS = 50;
const SEED = 1;

/** Times and memory of the checkers on histories that keep their level, against the limits that were set for them. */
export async function benchConsistency(): Promise<readonly Benchmark[]> {
  const results: Benchmark[] = [];
  const measure = async (name: string, limitMs: number, history: History, check: (history: History) => string) => {
    const ms = await medianMs(3, () => {
      const verdict = check(history);
      if (verdict !== 'pass') throw new Error(`${name}: ${verdict} on a history that is right by construction`);
    });
    results.push(benchmark(name, ms, 'ms', 'limit', limitMs));
  };
  await measure('set of 1,000,000 operations', 2000, setHistory(1_000_000), (history) => set().check(history).verdict);
  const lists = serialHistory(transactionWorkload(SEED), 100_000);
  await measure('list-append of 100,000 transactions', 10_000, lists, (history) => listAppend().check(history).verdict);
  const registers = serialHistory(transactionWorkload(SEED, { write: 'w' }), 100_000);
  await measure(
    'rw-register of 100,000 transactions',
    10_000,
    registers,
    (history) => rwRegister().check(history).verdict,
  );
  // Of the whole process, the histories with it.
  results.push(benchmark('all histories: peak memory', process.resourceUsage().maxRSS / 1024, 'MiB', 'limit', 2048));
  return results;
}

/** Additions by clients that overlap, and a read of everything at the end. */
function setHistory(operations: number): History {
  const workload = setWorkload(SEED);
  const history: History[number][] = [];
  const all: unknown[] = [];
  for (let index = 0; all.length < operations - 1; index++) {
    for (const type of ['invoke', 'ok'] as const)
      for (let client = 0; client < CLIENTS; client++) {
        const { f, value } = setRequestAt(workload, client, index);
        history.push({ type, process: client, f, value, atMs: history.length });
        if (type === 'ok') all.push(value);
      }
  }
  for (const type of ['invoke', 'ok'] as const)
    history.push({ type, process: 0, f: 'read', value: type === 'ok' ? all : null, atMs: history.length });
  return history;
}

/** Transactions of clients that overlap, each taking effect at one instant, in the order of a shuffle within each round. */
function serialHistory(workload: TransactionWorkload, transactions: number): History {
  const store = new Map<unknown, unknown>();
  const history: History[number][] = [];
  for (let index = 0; index * CLIENTS < transactions; index++) {
    const round = Array.from({ length: CLIENTS }, (_, client) => ({
      client,
      ...transactionAt(workload, client, index),
    }));
    for (const { client, f, value } of round)
      history.push({ type: 'invoke', process: client, f, value, atMs: history.length });
    round.sort((a, b) => mix(SEED, a.client, index) - mix(SEED, b.client, index));
    for (const { client, f, value } of round) {
      const done = (value as [string, unknown, unknown][]).map(([micro, key, written]) => {
        const now = store.get(key) ?? null;
        if (micro === 'r') return [micro, key, now];
        store.set(key, micro === 'append' ? [...((now ?? []) as unknown[]), written] : written);
        return [micro, key, written];
      });
      history.push({ type: 'ok', process: client, f, value: done, atMs: history.length });
    }
  }
  return history;
}
