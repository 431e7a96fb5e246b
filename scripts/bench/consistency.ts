/** How fast histories are judged. */

import { linearizable } from '../../src/consistency/linearizable.ts';
import { casRegister } from '../../src/consistency/models/cas-register.ts';
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
import { registerWorkload, requestAt } from '../../src/history/workload.ts';
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
  const operations = registerHistory(4_000);
  await measure(
    'linearizability of 4,000 operations on 10 registers, 1 % of unknown end',
    2000,
    operations,
    (history) => linearizable(casRegister()).check(history).verdict,
  );
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

/**
 * Reads, writes and compare-and-sets of clients that overlap, each taking effect at one instant, in the order of a shuffle within each round. Of one in a
 * hundred nobody hears again: every other one of these happened.
 */
function registerHistory(operations: number): History {
  const workload = registerWorkload(SEED, 10);
  const registers = new Map<string, unknown>();
  const processes = Array.from({ length: CLIENTS }, (_, client) => client);
  const history: History[number][] = [];
  for (let index = 0; index * CLIENTS < operations; index++) {
    const round = processes.map((process, client) => ({
      client,
      process,
      ...requestAt(workload, client, index, registers),
    }));
    for (const { process, f, key, value } of round)
      history.push({ type: 'invoke', process, f, key, value, atMs: history.length });
    round.sort((a, b) => mix(SEED, a.client, index) - mix(SEED, b.client, index));
    for (const { client, process, f, key, value } of round) {
      const draw = mix(SEED, client, index, 2) % 200;
      const now = registers.get(key) ?? null;
      const [expected, replacement] = f === 'cas' ? (value as [unknown, unknown]) : [now, value];
      const fits = expected === now;
      if (f !== 'read' && fits && draw !== 0) registers.set(key, replacement);
      const type = draw < 2 ? 'info' : fits ? 'ok' : 'fail';
      history.push({ type, process, f, key, value: f === 'read' && type === 'ok' ? now : value, atMs: history.length });
      // Whoever never hears is somebody else from then on.
      if (type === 'info') processes[client] = process + CLIENTS;
    }
  }
  return history;
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
