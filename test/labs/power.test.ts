/** Power that really fails: cuts of the power tree on running routers. Needs root, runc and frr. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { workOut, writeFabric } from '../../src/fabric/index.ts';
import { run } from '../../src/index.ts';
import { defineLab } from '../../src/lab/definition.ts';
import { Lab } from '../../src/lab/lab.ts';
import { topologyAt } from '../../src/lab/source.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

const root = process.getuid?.() === 0;
if (!root) console.warn('power cuts: skipped, namespaces need root');
const onRoot = root ? test.serial : test.serial.skip;
const dir = mkdtempSync(join(tmpdir(), 'powcut-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));

/** Two servers in each rack, with one supply each: one on side A, one on side B. */
const design = (name: string) =>
  leafSpine({ name, spines: 2, racks: 2, servers: 2, bfd: true, power: { supplies: { server: 1 } } });

onRoot(
  'side A, then side B of a rack: the leaf stays until both are gone, and each mend brings back what it feeds',
  async (t) => {
    const fabric = workOut(design('powcut'));
    const topology = topologyAt(writeFabric(fabric, join(dir, 'topology')).topologyFile);
    const lab = await Lab.deploy({ topology, fabric }, { seed: 2 });
    t.teardown(() => lab.destroy({ cleanup: true }));
    await tablesAre(t, lab, []);

    const a = await lab.fault('power-cut', 'rack-1-pdu-a');
    t.is(a.proof.verdict, 'pass', a.proof.evidence);
    t.deepEqual(await off(lab), ['server-1-1']);
    await tablesAre(t, lab, ['server-1-1']);

    const b = await lab.fault('power-cut', 'rack-1-pdu-b');
    t.is(b.proof.verdict, 'pass', b.proof.evidence);
    t.deepEqual(await off(lab), ['leaf-1', 'server-1-1', 'server-1-2']);
    await tablesAre(t, lab, ['leaf-1', 'server-1-1', 'server-1-2']);

    await a.heal();
    t.deepEqual(await off(lab), ['server-1-2']);
    await b.heal();
    t.deepEqual(await off(lab), []);
    await tablesAre(t, lab, []);
  },
);

onRoot('a run measures feeds, PDUs and brown-outs, and its verdict says what each took', async (t) => {
  const definition = defineLab({
    name: 'powrun',
    summary: 'a POD whose servers have one power supply each',
    design: () => design('powrun'),
    stores: () => [],
    faults: [
      { kind: 'power-cut', target: 'feed-a' },
      { kind: 'power-cut', target: 'spine-1-pdu-b' },
      { kind: 'brown-out', target: 'rack-2' },
    ],
    expect: { convergeMs: 60_000, faults: { default: { fibMs: 20_000, lossMs: 20_000, healMs: 30_000 } } },
  });
  const { verdict } = await run('powrun', { base: dir, seed: 4, definition });
  t.deepEqual(
    verdict.faults.map(({ kind, target, took, proof }) => [kind, target, took ?? [], proof.verdict]),
    [
      ['power-cut', 'feed-a', ['server-1-1', 'server-2-2'], 'pass'],
      ['power-cut', 'spine-1-pdu-b', [], 'pass'],
      ['brown-out', 'rack-2', ['leaf-2', 'server-2-1', 'server-2-2'], 'pass'],
    ],
  );
  for (const { kind, target, proof, fibMs, heal, why } of verdict.faults) {
    t.log(`${kind} ${target}: ${proof.evidence}; tables ${fibMs} ms, heal ${heal.fibMs} ms ${why ?? ''}`);
  }
  t.regex(verdict.faults[1]!.proof.evidence, /every device has a live feed left: all 8 nodes run on/);
  t.regex(verdict.faults[2]!.proof.evidence, /leaf-2, server-2-1, server-2-2 rebooted/);
  t.not(verdict.verdict, 'fail', JSON.stringify(verdict.faults.map(({ why }) => why)));
});

/** Nodes without a process, as the kernel tells. */
async function off(lab: Lab): Promise<readonly string[]> {
  const counted = await Promise.all(
    lab.running.nodes.map(async ({ name }) => ((await lab.running.processes(name)).length === 0 ? [name] : [])),
  );
  return counted.flat().sort();
}

async function tablesAre(t: ExecutionContext, lab: Lab, without: readonly string[]): Promise<void> {
  const { differences } = await lab.converged({ timeoutMs: 30_000, failures: { nodes: new Set(without) } });
  t.deepEqual(differences, []);
}
