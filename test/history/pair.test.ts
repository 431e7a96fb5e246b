import test from 'ava';
import { InputError } from '../../src/errors.ts';
import type { History } from '../../src/history/operation.ts';
import { pair } from '../../src/history/pair.ts';

test('operations in the order of invocation, with what completed ones returned', (t) => {
  const history: History = [
    { type: 'invoke', process: 0, f: 'read', key: 'k', value: null, atMs: 1 },
    { type: 'invoke', process: 1, f: 'write', key: 'k', value: 5, atMs: 2 },
    { type: 'info', process: 1, f: 'write', key: 'k', value: 5, atMs: 3, error: 'timed out' },
    { type: 'ok', process: 0, f: 'read', key: 'k', value: 5, atMs: 4 },
    { type: 'invoke', process: 0, f: 'write', key: 'k', value: 6, atMs: 5 },
  ];
  const [read, write, last] = pair(history);
  t.like(read, { invoked: 0, returned: 3, outcome: 'ok', value: 5, invokedMs: 1, returnedMs: 4 });
  t.like(write, { invoked: 1, returned: undefined, outcome: 'info', value: 5, returnedMs: 3 });
  t.like(last, { invoked: 4, returned: undefined, outcome: 'info', returnedMs: undefined });
});

test('events that no process could have recorded', (t) => {
  const invoke = { type: 'invoke', process: 0, f: 'write', value: 1, atMs: 0 } as const;
  t.throws(() => pair([invoke, invoke]), { instanceOf: InputError, message: /event 1: process 0 invokes write while/ });
  t.throws(() => pair([invoke, { ...invoke, type: 'info' }, invoke]), {
    instanceOf: InputError,
    message: /event 2.*another process number/,
  });
  t.throws(() => pair([{ ...invoke, type: 'ok' }]), { instanceOf: InputError, message: /event 0.*did not invoke/ });
});
