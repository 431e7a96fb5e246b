import test from 'ava';
import type { History } from '../../src/history/index.ts';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import type { StoreFault } from '../../src/lab/store-verdict.ts';

const FAULT: StoreFault = { kind: 'rack-power', target: 'rack-1', atMs: 1_000 };

/** One write, acknowledged so long (ms) after the fault. */
function servedAgainAfter(ms: number): History {
  const write = { process: 0, f: 'write', key: 'k0', value: 1 };
  return [
    { ...write, type: 'invoke', atMs: FAULT.atMs + ms - 5 },
    { ...write, type: 'ok', atMs: FAULT.atMs + ms, by: { server: 1, epoch: 1 } },
  ];
}

function recoveryTime(history: History, fault: StoreFault) {
  const { record, assertions } = judgeDatabase('mariadb', history, [fault]);
  const { verdict, why } = assertions.find(({ name }) => name === 'recovery-time')!;
  return { verdict, why, record: record.verdict };
}

/** What the machine explains up to so long (ms) after the fault. */
const machine = (explainsMs: number, afterMs = 20_000) => [
  { untilMs: FAULT.atMs + afterMs, explainsMs, why: 'the machine may be to blame' },
];

test('a recovery within its limit passes, whatever the machine did', (t) => {
  t.is(recoveryTime(servedAgainAfter(1_300), { ...FAULT, machine: machine(9_000) }).verdict, 'pass');
});

test('a recovery beyond its limit fails, and so does the store', (t) => {
  t.deepEqual(recoveryTime(servedAgainAfter(4_906), FAULT), {
    verdict: 'fail',
    why: 'rack-power rack-1: first write acknowledged after 4906 ms',
    record: 'fail',
  });
});

test('what the want of processors explains of a late recovery is unknown, and what it does not fails', (t) => {
  const late = servedAgainAfter(4_906);
  t.deepEqual(recoveryTime(late, { ...FAULT, machine: machine(1_000) }), {
    verdict: 'unknown',
    why: 'rack-power rack-1: first write acknowledged after 4906 ms; the machine may be to blame',
    record: 'unknown',
  });
  t.is(recoveryTime(late, { ...FAULT, machine: machine(900) }).verdict, 'fail');
  // What the machine did once all was well again explains nothing.
  const looks = [...machine(300, 6_000), ...machine(9_000)];
  t.is(recoveryTime(late, { ...FAULT, machine: looks }).verdict, 'fail');
  t.is(recoveryTime(late, { ...FAULT, machine: [...machine(300, 4_000), ...machine(9_000)] }).verdict, 'unknown');
});

test('where no write was acknowledged any more nobody knows how long it takes', (t) => {
  t.is(recoveryTime(servedAgainAfter(-100), FAULT).verdict, 'unknown');
});
