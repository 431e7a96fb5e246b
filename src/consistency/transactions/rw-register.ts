/** Transactions that write and read registers, judged as far as their values tell (Kingsbury and Alvaro 2020, section 4.4). */
import type { History } from '../../history/operation.ts';
import type { CheckerOf } from '../checker-of.ts';
import { Anomalies, type TransactionResult } from './anomaly.ts';
import { type Budget, findCycles } from './cycles.ts';
import { EdgeList } from './graph.ts';
import { orderOf } from './level.ts';
import type { TransactionOptions } from './list-append.ts';
import { addRegisterDependencies } from './register-dependencies.ts';
import { registerKeys } from './register-keys.ts';
import { readRegisters, readRegistersWithin } from './register-reads.ts';
import { transactionsOf } from './transaction.ts';

export interface RegisterOptions extends TransactionOptions {
  /** Whether values that nobody wrote are an anomaly. Default true; Elle's own checker of registers passes over them. */
  readonly garbageReads?: boolean;
}

/**
 * Judges transactions of `["w", key, value]` and `["r", key, value]`, in which no value is written to a key twice and registers
 * start as nil (null). A register shows only its latest version, so far less follows than from lists: blind writes have no order.
 */
export function rwRegister(options: RegisterOptions = {}): CheckerOf<TransactionResult> {
  const { level = 'strict-serializable', steps = 200_000_000, garbageReads = true } = options;
  return Object.freeze({
    name: `rw-register ${level}`,
    check(history: History): TransactionResult {
      const transactions = transactionsOf(history, 'w');
      const anomalies = new Anomalies(transactions);
      const { keys, ambiguous } = registerKeys(transactions);
      if (ambiguous !== undefined) return anomalies.result(level, 0, ambiguous);
      readRegistersWithin(transactions, anomalies);
      readRegisters(keys, transactions, anomalies, garbageReads);
      const edges = new EdgeList();
      const { step, left } = addRegisterDependencies(keys, transactions, edges);
      const budget: Budget = { steps };
      for (const cycle of findCycles(transactions, edges, orderOf(level), budget)) anomalies.addCycle(cycle, step);
      const open =
        budget.steps < 0
          ? `the budget of ${steps} steps ran out`
          : left > 0
            ? `${left} dependencies on the initial state were too many to follow`
            : undefined;
      return anomalies.result(level, steps - budget.steps, open);
    },
  });
}
