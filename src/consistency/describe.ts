/** Operations in words. */
import type { Operation } from '../history/pair.ts';

/** As in `read of 3 by process 7 on key k1 (12.5 to 14.0 ms)`. */
export function describeOperation(operation: Operation): string {
  const { f, value, key, process, invokedMs, returnedMs, outcome } = operation;
  const where = key === undefined ? '' : ` on key ${key}`;
  const until = outcome === 'info' || returnedMs === undefined ? 'end unknown' : `to ${returnedMs.toFixed(1)} ms`;
  return `${f} of ${JSON.stringify(value)} by process ${process}${where} (${invokedMs.toFixed(1)} ${until})`;
}
