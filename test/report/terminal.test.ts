import test from 'ava';
import { terminalReporter } from '../../src/report/index.ts';

test('a pipe gets plain lines without escape codes', (t) => {
  let text = '';
  const report = terminalReporter({ write: (chunk) => (text += chunk) });
  report({ atMs: 0, type: 'phase', phase: 'deploy' });
  report({ atMs: 9, type: 'phase-end', phase: 'deploy', tookMs: 9, verdict: 'pass', summary: '6 nodes run' });
  report({ atMs: 9, type: 'assertion', name: 'mtu', target: 'leaf-1', verdict: 'fail', why: 'eth1 has 1500' });
  report({ atMs: 10, type: 'end', verdict: 'fail', record: 'runs/x', replay: 'leafstorm run x --seed 1' });
  t.notRegex(text, /\u001B/);
  t.regex(text, /✔ deploy {5}6 nodes run {2}0\.01 s\n {2}✘ mtu leaf-1: eth1 has 1500\n/);
  t.true(text.trimEnd().endsWith('leafstorm run x --seed 1'));
});

test('a terminal shows what is under way on a line that goes', (t) => {
  let text = '';
  const report = terminalReporter({ isTTY: true, write: (chunk) => (text += chunk) });
  report({ atMs: 0, type: 'phase', phase: 'deploy', expectedMs: 2000 });
  t.true(text.endsWith('… deploy (about 2.00 s)'));
  report({ atMs: 9, type: 'phase-end', phase: 'deploy', tookMs: 9, verdict: 'pass', summary: '6 nodes run' });
  t.true(text.includes('\r\u001B[K'));
  t.true(text.endsWith('\n'));
});
