import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { passes } from '../../src/ava/index.ts';
import { planFaults } from '../../src/fault/index.ts';
import { type RunResult, run } from '../../src/index.ts';
import { intentOf, targetChoices } from '../../src/lab/intent.ts';
import { judgeRecord } from '../../src/lab/judge.ts';
import { loadDefinition, withSource } from '../../src/lab/source.ts';
import { createRandom } from '../../src/random.ts';
import type { RunEvent } from '../../src/report/index.ts';
import { isExcused, unexcused } from '../support/excused.ts';
import { leftovers } from '../support/leftovers.ts';

const base = mkdtempSync(join(tmpdir(), 'leafstorm-pod-'));
let result: RunResult;

test.before('the main lab runs, under a name of its own', async () => {
  result = await run('pod', { base, seed: 11, name: 'test-pod' });
  // What the machine had no processors to measure is measured once more; a failure is not.
  if (result.verdict.verdict === 'unknown') result = await run('pod', { base, seed: 11, name: 'test-pod' });
});
test.after.always(() => rmSync(base, { recursive: true, force: true }));

test('it passes, as far as this machine has the processors to measure it', (t) => {
  t.deepEqual(unexcused(result.verdict), []);
  const unmeasured = result.verdict.faults.filter(isExcused);
  for (const { kind, target, why } of unmeasured) t.log(`not measured: ${kind} ${target}: ${why}`);
  if (unmeasured.length === 0) passes(t, result);
});

test('at least ten faults of eight kinds, each with proof, convergence, heal and lost probes', (t) => {
  const { faults } = result.verdict;
  t.true(faults.length >= 10);
  t.true(new Set(faults.map(({ kind }) => kind)).size >= 8);
  for (const fault of faults) {
    const { kind, proof, fibMs, lossMs, lostProbes, heal } = fault;
    t.is(proof.verdict, 'pass', kind);
    t.not(proof.evidence, '');
    if (isExcused(fault)) continue;
    for (const figure of [fibMs, lossMs, lostProbes, heal.fibMs, heal.lossMs, heal.lostProbes])
      t.is(typeof figure, 'number', kind);
  }
  // A cut that nobody noticed would not be one.
  const measured = faults.filter((fault) => fault.kind === 'link-down' && !isExcused(fault));
  t.true(measured.length === 0 || measured.some(({ lostProbes }) => (lostProbes ?? 0) > 0));
});

test('etcd is linearizable, lost nothing, and came back from the power cut of its leader', (t) => {
  const [etcd] = result.verdict.stores;
  t.is(etcd?.verdict, 'pass');
  t.regex(etcd?.checker ?? '', /linearizable/);
  t.is(etcd?.rpo, 0);
  t.true((etcd?.acknowledged ?? 0) > 100);
  t.true((etcd?.rtoMs ?? 0) > 0);
  t.true(result.verdict.faults.some(({ kind, target }) => kind === 'rack-power' && target.startsWith('rack-')));
});

test('the record holds what one needs to believe and to replay it', async (t) => {
  const { dir } = result.record;
  for (const file of [
    'verdict.json',
    'junit.xml',
    'history.jsonl',
    'events.jsonl',
    'environment.json',
    'topology/fabric.json',
    'logs/leaf-1',
  ]) {
    t.true(existsSync(join(dir, file)), file);
  }
  t.deepEqual(
    JSON.parse(readFileSync(join(dir, '..', 'latest', 'verdict.json'), 'utf8')),
    JSON.parse(JSON.stringify(result.verdict)),
  );
  const events = readFileSync(join(dir, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  t.true(events.every(({ atMs }, i) => atMs >= (events[i - 1]?.atMs ?? 0)));
  const silent = events.find((event) => event.type === 'fault' && event.kind === 'link-silent');
  const ended = events.find((event) => event.type === 'session' && event.state === 'down' && event.atMs > silent!.atMs);
  t.like(ended, { withinMs: 1 }, 'BFD ends the session of a silent link');
  const leaders = events.filter((event) => event.type === 'role' && event.role === 'leader');
  t.true(leaders.length >= 2, 'the power cut took the leader');
  t.deepEqual((await judgeRecord(dir)).stores, result.verdict.stores);
});

test('nothing of it is left', (t) => {
  const nodes = ['spine-1', 'spine-2', ...[1, 2, 3, 4, 5].flatMap((rack) => [`leaf-${rack}`, `server-${rack}-1`])];
  t.deepEqual(
    leftovers(
      'test-pod',
      nodes.map((node) => `clab-test-pod-${node}`),
    ),
    [],
  );
});

test('the same seed is the same plan, another seed another', async (t) => {
  const { faults } = await loadDefinition('pod');
  const plan = (seed: number) =>
    withSource('pod', {}, ({ topology, fabric }) =>
      planFaults(faults, targetChoices(topology, intentOf(topology, fabric), ['etcd']), createRandom(seed)).map(
        ({ kind, target }) => `${kind.kind} ${target}`,
      ),
    );
  t.deepEqual(await plan(5), await plan(5));
  t.notDeepEqual(await plan(5), await plan(6));
});
