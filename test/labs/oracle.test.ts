/** What the oracle predicts against what FRR's routers do, on small networks with odd policies. Needs root, runc and frr. */
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { parseFrrConfig, writeFrrConfig } from 'frr-config';
import { embedded } from '../../src/engine/embedded/index.ts';
import type { RunningLab } from '../../src/engine/engine.ts';
import { workOut } from '../../src/fabric/index.ts';
import { type Failures, type OracleInput, type Prediction, predict } from '../../src/oracle/index.ts';
import { bgpSessions, type Frr, type Kernel, openFrr, openKernel } from '../../src/router/index.ts';
import { diffRoutes } from '../../src/router/routes.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { inputOf, type TestNetwork } from '../oracle/network.ts';
import { networks } from '../oracle/networks.ts';
import * as shape from '../support/topology.ts';

const NAME = 'orcdiff';

/** All networks side by side in one lab: a node is called `NETWORK-NODE` there. */
const whole: TestNetwork = {
  routers: Object.fromEntries(
    Object.entries(networks).flatMap(([name, { routers }]) =>
      Object.entries(routers).map(([node, text]) => [`${name}-${node}`, text]),
    ),
  ),
  links: Object.entries(networks).flatMap(([name, { links }]) =>
    links.map(([a, z]): [string, string] => [`${name}-${a}`, `${name}-${z}`]),
  ),
};

test.serial(
  'every route, next hop and session of odd networks is as predicted, whole and with any link cut',
  async (t) => {
    t.timeout(600_000);
    if (process.getuid?.() !== 0) {
      t.log('skipped: namespaces need root');
      t.pass();
      return;
    }
    const input = inputOf(whole);
    await embedded.destroy(NAME, { cleanup: true });
    const topology = shape.topology(
      NAME,
      Object.entries(whole.routers).map(([name, text]) => shape.router(name, text)),
      whole.links.map(([a, z]) => shape.link(a, z)),
    );
    const lab = await embedded.deploy(topology, { seed: 5 });
    t.teardown(() => lab.destroy({ cleanup: true }));
    const routers = openRouters(lab);
    t.teardown(() => {
      for (const { frr, kernel } of routers.values()) {
        frr.close();
        kernel.close();
      }
    });
    await compare(t, 'whole', input, {}, routers);
    const most = Math.max(...Object.values(networks).map(({ links }) => links.length));
    for (let i = 0; i < most; i++) {
      const cut = Object.entries(networks).flatMap(([name, { links }]) => {
        const link = links[i];
        return link ? [`${name}-${link[0]}--${name}-${link[1]}`] : [];
      });
      for (const link of cut) await lab.setLink(link, 'down');
      await compare(t, `cut ${cut.join(' ')}`, input, { links: new Set(cut) }, routers);
      for (const link of cut) await lab.setLink(link, 'up');
    }
    await compare(t, 'healed', input, {}, routers);
  },
);

test.serial(
  'a generated fabric is as predicted: whole, without a spine, with one frozen, without a link',
  async (t) => {
    t.timeout(300_000);
    if (process.getuid?.() !== 0) {
      t.log('skipped: namespaces need root');
      t.pass();
      return;
    }
    const fabric = workOut(leafSpine({ name: 'orcfabric', spines: 2, racks: 3, servers: 1 }));
    const input = { configs: new Map(fabric.nodes.map(({ name, config }) => [name, config])), links: fabric.links };
    await embedded.destroy(fabric.name, { cleanup: true });
    const topology = shape.topology(
      fabric.name,
      fabric.nodes.map(({ name, config }) => shape.router(name, writeFrrConfig(config))),
      fabric.links.map(({ a, z }) => shape.link(`${a.node}:${a.interface}`, `${z.node}:${z.interface}`)),
    );
    const lab = await embedded.deploy(topology, { seed: 6 });
    t.teardown(() => lab.destroy({ cleanup: true }));
    const routers = openRouters(lab);
    const others = new Map([...routers].filter(([name]) => name !== 'spine-2'));
    t.teardown(() => {
      for (const { frr, kernel } of routers.values()) {
        frr.close();
        kernel.close();
      }
    });
    const spine = new Set(['spine-2']);
    await compare(t, 'whole', input, {}, routers);
    await lab.pause('spine-2');
    await compare(t, 'spine-2 frozen', input, { frozen: spine }, others);
    await lab.unpause('spine-2');
    await compare(t, 'thawed', input, {}, routers);
    const link = fabric.links.find(
      ({ a, z }) => [a.node, z.node].includes('leaf-2') && [a.node, z.node].includes('spine-1'),
    )!;
    await lab.setLink(link.name, 'down');
    await compare(t, `${link.name} cut`, input, { links: new Set([link.name]) }, routers);
    await lab.powerOff(['spine-2']);
    await compare(t, 'cut, and spine-2 off', input, { links: new Set([link.name]), nodes: spine }, others);
  },
);

interface OpenRouter {
  readonly frr: Frr;
  readonly kernel: Kernel;
}

function openRouters(lab: RunningLab): ReadonlyMap<string, OpenRouter> {
  return new Map(
    lab.nodes.map(({ name, netns, vtyDir }) => [name, { frr: openFrr(name, vtyDir!), kernel: openKernel(netns) }]),
  );
}

/** Waits until reality is as predicted and stays so for a second; fails with what differs. */
async function compare(
  t: ExecutionContext,
  what: string,
  input: OracleInput,
  failures: Failures,
  routers: ReadonlyMap<string, OpenRouter>,
): Promise<void> {
  const prediction = predict(input, failures);
  const until = Date.now() + 30_000;
  let quiet = 0;
  let differences: readonly string[] = [];
  while (quiet < 3 && Date.now() < until) {
    differences = await differencesOf(prediction, routers);
    quiet = differences.length === 0 ? quiet + 1 : 0;
    await sleep(500);
  }
  t.deepEqual(differences, [], what);
  t.deepEqual(prediction.unmodelled, [], what);
}

async function differencesOf(prediction: Prediction, routers: ReadonlyMap<string, OpenRouter>): Promise<string[]> {
  const differences: string[] = [];
  for (const [node, { kernel, frr }] of routers) {
    for (const each of diffRoutes(node, prediction.routes.get(node)!, kernel.routes())) {
      differences.push(`${node} ${each.prefix}: predicted ${each.expected ?? 'none'}, is ${each.actual ?? 'none'}`);
    }
    const expected = prediction.sessions.flatMap(({ a, z }) =>
      [a, z].filter((end) => end.node === node).map((end) => end.neighbor),
    );
    const sessions = (await bgpSessions(frr)).filter(({ established }) => established);
    const actual = [...new Set(sessions.map(({ neighbour }) => neighbour))];
    if (expected.sort().join() !== actual.sort().join()) {
      differences.push(`${node} sessions: predicted ${expected.join(' ')}, are ${actual.join(' ')}`);
    }
  }
  return differences;
}

test('the configurations of these networks are understood entirely', (t) => {
  for (const [node, text] of Object.entries(whole.routers)) t.is(parseFrrConfig(text).unknown, undefined, node);
});
