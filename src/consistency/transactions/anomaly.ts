/** What is wrong with a history of transactions, and the verdict that follows. */
import type { Verdict } from '../../verdict.ts';
import type { CheckResult } from '../checker.ts';
import type { Cycle } from './cycles.ts';
import { PROCESS, REALTIME } from './graph.ts';
import { type AnomalyName, forbids, type Level, severity, weakestBroken, weakestOf } from './level.ts';
import { nameOf, type Transaction } from './transaction.ts';

/** One anomaly, the smallest of its name. */
export interface Anomaly {
  readonly name: AnomalyName;
  /** The weakest isolation levels that it breaks. */
  readonly breaks: readonly Level[];
  /** In words. */
  readonly why: string;
  /** Indexes of the invocations of the transactions that it is made of, rising. */
  readonly operations: readonly number[];
  /** How many of the name were found. Of cycles only the smallest is looked for. */
  readonly count: number;
  /** Each step of a cycle in words. */
  readonly steps?: readonly string[];
}

export interface TransactionResult extends CheckResult {
  /** All anomalies, also those that the level allows; the worst first. */
  readonly anomalies: readonly Anomaly[];
  /** The weakest levels that the history does not keep. */
  readonly breaks: readonly Level[];
}

/** Collects anomalies: counts them and keeps the first of the smallest. */
export class Anomalies {
  readonly #found = new Map<AnomalyName, Anomaly>();
  readonly #transactions: readonly Transaction[];

  constructor(transactions: readonly Transaction[]) {
    this.#transactions = transactions;
  }

  /** @param why called only where the anomaly is kept */
  add(name: AnomalyName, ids: readonly number[], why: () => string, steps?: readonly string[]): void {
    const before = this.#found.get(name);
    const operations = [...new Set(ids)].map((id) => this.#transactions[id]!.operation.invoked).sort((a, b) => a - b);
    const count = (before?.count ?? 0) + 1;
    if (before !== undefined && before.operations.length <= operations.length) {
      this.#found.set(name, { ...before, count });
      return;
    }
    this.#found.set(name, {
      name,
      breaks: weakestBroken(name),
      why: why(),
      operations,
      count,
      ...(steps === undefined ? {} : { steps }),
    });
  }

  /** Adds a cycle. @param step what a data edge from one transaction to another stands for, in words */
  addCycle(cycle: Cycle, step: (from: number, to: number, kind: number) => string): void {
    const { nodes, kinds, name, order } = cycle;
    const steps = kinds.map((kind, i) => {
      const from = nodes[i]!;
      const to = nodes[(i + 1) % nodes.length]!;
      return kind === PROCESS || kind === REALTIME ? this.#inOrder(from, to, kind) : step(from, to, kind);
    });
    const around = [...nodes, nodes[0]!].map(nameOf).join(' before ');
    const full: AnomalyName = order === 'none' ? name : `${name}-${order}`;
    this.add(full, nodes, () => `${steps.join('; ')}: ${around}`, steps);
  }

  #inOrder(from: number, to: number, kind: number): string {
    const [a, b] = [this.#transactions[from]!.operation, this.#transactions[to]!.operation];
    if (kind === PROCESS) return `process ${a.process} did ${nameOf(from)} before ${nameOf(to)}`;
    return `${nameOf(from)} had returned (event ${a.returned}) when ${nameOf(to)} was invoked (event ${b.invoked})`;
  }

  /**
   * The verdict on a level.
   * @param open why the judgement is incomplete, where it is
   */
  result(level: Level, steps: number, open: string | undefined): TransactionResult {
    const anomalies = [...this.#found.values()].sort((a, b) => severity(a.name) - severity(b.name));
    const breaks = weakestOf(anomalies.map(({ name }) => name));
    const worst = anomalies.find(({ name }) => forbids(level, name));
    const verdict: Verdict = worst !== undefined ? 'fail' : open !== undefined ? 'unknown' : 'pass';
    return Object.freeze<TransactionResult>({
      verdict,
      why: this.#why(level, worst, anomalies, open),
      offending: worst?.operations ?? [],
      steps,
      anomalies,
      breaks,
    });
  }

  #why(level: Level, worst: Anomaly | undefined, all: readonly Anomaly[], open: string | undefined): string {
    const n = this.#transactions.length;
    if (worst !== undefined) {
      const where = worst.operations.map((invoked) => {
        const at = this.#transactions.findIndex(({ operation }) => operation.invoked === invoked);
        return `${nameOf(at)} is event ${invoked}`;
      });
      return `${worst.name} breaks ${worst.breaks.join(' and ')}: ${worst.why} (${where.join(', ')})`;
    }
    const allowed =
      all.length === 0 ? '' : `; ${level} allows ${all.map(({ name }) => name).join(', ')}, which were found`;
    if (open !== undefined) return `nobody knows whether ${n} transactions keep ${level}: ${open}${allowed}`;
    return `nothing in ${n} transactions breaks ${level}${allowed}`;
  }
}
