/** Writes a history while it happens. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { nowMs } from '../linux/clock.ts';
import type { Acknowledger, Outcome } from './operation.ts';
import type { AnyRequest } from './request.ts';

/** What a workload asks, whatever its functions are called. */
export interface RecordedRequest {
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
}

/** One process of a history: one operation at a time. */
export interface Recorder {
  /** Records the invocation; call it before the request is sent. Gives the function that records the completion, once. */
  invoke(
    client: number,
    request: AnyRequest,
  ): (type: Outcome, value?: unknown, error?: string, by?: Acknowledger) => void;
  readonly counts: Readonly<Record<Outcome | 'invoke', number>>;
  /** Writes what is still held. */
  flush(): void;
  close(): void;
}

const HOLD = 64 * 1024;

/**
 * A recorder into a `history.jsonl`, one event a line, in the order in which the calls are made; a single writer so that there is one order.
 * A client whose operation ended in `info` goes on under a fresh process number, for its old one never ends its operation.
 * @param clients numbered from 0; fresh process numbers follow
 */
export function createRecorder(path: string, clients: number): Recorder {
  const file = openSync(path, 'w');
  const process = Array.from({ length: clients }, (_, client) => client);
  const counts = { invoke: 0, ok: 0, fail: 0, info: 0 };
  let fresh = clients;
  let held = '';

  const flush = (): void => {
    if (held !== '') writeSync(file, held);
    held = '';
  };
  const write = (event: object): void => {
    held += `${JSON.stringify(event)}\n`;
    if (held.length > HOLD) flush();
  };

  return {
    counts,
    flush,
    invoke(client, { f, key, value }) {
      const number = process[client]!;
      counts.invoke++;
      write({ type: 'invoke', process: number, f, key, value, atMs: nowMs() });
      let open = true;
      return (type, result = value, error, by) => {
        if (!open) throw new Error(`${f} of process ${number} is completed twice`);
        open = false;
        counts[type]++;
        write({
          type,
          process: number,
          f,
          key,
          value: result,
          atMs: nowMs(),
          ...(error === undefined ? {} : { error }),
          ...(by === undefined ? {} : { by }),
        });
        if (type === 'info') process[client] = fresh++;
      };
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}
