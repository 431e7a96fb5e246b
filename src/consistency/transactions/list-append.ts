/** Transactions that append to lists and read them, judged as Elle does (Kingsbury and Alvaro, VLDB 2020). */
import type { History } from '../../history/operation.ts';
import type { CheckerOf } from '../checker-of.ts';
import { Anomalies, type TransactionResult } from './anomaly.ts';
import { type Budget, findCycles } from './cycles.ts';
import { EdgeList } from './graph.ts';
import { type Level, orderOf } from './level.ts';
import { addListDependencies } from './list-dependencies.ts';
import { listKeys } from './list-keys.ts';
import { lostUpdates, readWithin, soundKeys } from './list-reads.ts';
import { nameOf, transactionsOf } from './transaction.ts';

export interface TransactionOptions {
  /** The isolation level that the history must keep. Default: strict-serializable. */
  readonly level?: Level;
  /** Elements compared and edges walked before the checker gives up. Default 200,000,000. */
  readonly steps?: number;
}

/**
 * Judges transactions of `["append", key, element]` and `["r", key, list]`, in which no element is appended to a key twice.
 *
 * Because a list shows its whole past, one read gives the order of all versions before it; from the orders follow who overwrote,
 * read, and missed whom, and a cycle among these is an anomaly with a name. Nothing is assumed about the database. What is found is
 * really wrong; what is not found may be, where too little was read.
 */
export function listAppend(options: TransactionOptions = {}): CheckerOf<TransactionResult> {
  const { level = 'strict-serializable', steps = 200_000_000 } = options;
  return Object.freeze({
    name: `list-append ${level}`,
    check(history: History): TransactionResult {
      const transactions = transactionsOf(history, 'append');
      const anomalies = new Anomalies(transactions);
      const budget: Budget = { steps };
      const { keys, repeated } = listKeys(transactions);
      const [twice] = repeated;
      if (twice !== undefined) {
        const [a, b] = twice.ids.map(nameOf);
        return anomalies.result(
          level,
          0,
          `${a} and ${b} both append ${twice.element} to ${twice.key}, so that a read does not say whose it saw`,
        );
      }
      readWithin(transactions, anomalies);
      const sound = soundKeys(keys, transactions, anomalies, budget);
      lostUpdates(sound, anomalies);
      const edges = new EdgeList();
      const { step, left } = addListDependencies(sound, transactions, edges);
      for (const cycle of findCycles(transactions, edges, orderOf(level), budget)) anomalies.addCycle(cycle, step);
      const open =
        budget.steps < 0
          ? `the budget of ${steps} steps ran out`
          : left > 0
            ? `${left} dependencies on appends that nobody read were too many to follow`
            : undefined;
      return anomalies.result(level, steps - budget.steps, open);
    },
  });
}
