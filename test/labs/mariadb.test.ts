/** Needs root, runc, etcd and mariadbd: three members in three racks, clients in a fourth. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { judgeDatabase } from '../../src/lab/database-verdict.ts';
import type { Lab } from '../../src/lab/index.ts';
import { withReplicas } from '../../src/lab/replica-verdict.ts';
import { assertServiceAddress } from '../../src/lab/service-address.ts';
import { createGateway } from '../../src/store/etcd/gateway.ts';
import { leaderWithin } from '../../src/store/leader.ts';
import type { RunningMariadb } from '../../src/store/mariadb/index.ts';
import { announce, withdraw } from '../../src/store/service-address.ts';
import { withDatabase } from '../support/database.ts';
import { leftovers } from '../support/leftovers.ts';

const missing = ['etcd', 'runc', 'mariadbd'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
const skipped = process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `no ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`MariaDB in a lab: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const NAME = 'test-mariadb';
/** Between two leaders there is none for a while. */
const LEADER_MS = 20_000;

lab('the rack of the primary loses power: a replica serves, the old primary comes back, nothing is lost', async (t) => {
  await withDatabase(NAME, { seed: 3 }, async ({ lab: running, store, load, rackOf, finish }) => {
    await sleep(1500);
    const old = await leaderWithin(store, LEADER_MS);
    const rack = rackOf(old.node);
    t.is(rack.length, 2);
    const { atMs } = await running.running.powerOff(rack);
    const firstMs = await load.acknowledgedAfter(atMs, 30_000);
    t.truthy(firstMs, 'no write was acknowledged any more');
    const next = await leaderWithin(store, LEADER_MS);
    t.not(next.name, old.name);
    t.log(
      `${old.name} lost its power; ${next.name} acknowledged its first write ${Math.round(firstMs! - atMs)} ms later`,
    );
    await running.running.powerOn(rack);
    await store.restart(rack);
    // One primary that may write, and two replicas that follow it, the old primary among them.
    await store.healthy(60_000);
    await switchOver(store);
    await sleep(500);
    const { history, missing: unread } = await finish();
    t.deepEqual(unread, []);
    const { record, assertions } = judgeDatabase('mariadb', history, []);
    t.log(`${record.acknowledged} acknowledged, ${record.lost} lost, ${record.unknown} of unknown end`);
    for (const { name, verdict, why } of assertions) t.is(verdict, 'pass', `${name}: ${why}`);
    t.is(record.rpo, 0);
    t.true(record.acknowledged > 50);
    const epochs = store.events.filter(({ event }) => event.startsWith('serves epoch')).map(({ epoch }) => epoch);
    t.deepEqual(
      epochs,
      [...new Set(epochs)].sort((a, b) => a - b),
      'an epoch has one primary',
    );
    await oneAnnouncer(t, running, store);
    await leadsElsewhere(t, running, store);
    await announcesAgain(t, running, store);
  });
  const nodes = ['spine-1', 'spine-2', ...[1, 2, 3, 4].flatMap((rack) => [`leaf-${rack}`, `server-${rack}-1`])];
  t.deepEqual(
    leftovers(
      NAME,
      nodes.map((node) => `clab-${NAME}-${node}`),
    ),
    [],
  );
});

/** A switch-over that a busy machine did not let end in time is a fail-over; it may be asked for again. */
async function switchOver(store: RunningMariadb): Promise<void> {
  for (let tries = 1; ; tries++) {
    const done = await store.switchOver().then(
      () => true,
      (error: Error) => {
        if (tries === 3) throw error;
        return false;
      },
    );
    await store.healthy(60_000);
    if (done) return;
  }
}

/** etcd's leader moves to the primary's node, and does not stay there: with that node all of etcd would have to elect. */
async function leadsElsewhere(t: ExecutionContext, running: Lab, store: RunningMariadb): Promise<void> {
  const serving = await leaderWithin(store, LEADER_MS);
  const gateway = createGateway(running.running.node(serving.node).netns);
  const ask = async (address: string, path: string, body: object) => {
    const answer = await gateway.call(address, `/v3/maintenance/${path}`, body, 2_000);
    if (answer.kind !== 'answer' || answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.body as {
      readonly header: { readonly member_id: string };
      readonly leader: string;
      readonly raftTerm: string;
    };
  };
  const status = () => ask(serving.address, 'status', {});
  const leader = async () => (await status()).leader;
  try {
    const targetID = (await status()).header.member_id;
    // Whoever is elected anew may be here, and is moved.
    for (let tries = 0; tries < 100 && (await leader()) === targetID; tries++) await sleep(100);
    const { raftTerm } = await status();
    t.not(await leader(), targetID, 'it leads elsewhere from the beginning');
    for (const { address } of store.members) {
      const { header: own, leader: leads } = await ask(address, 'status', {});
      // It answers only who still sees the leader there, and it may be gone again.
      if (leads === own.member_id) await ask(address, 'transfer-leadership', { targetID }).catch(() => {});
    }
    const cameAndWent = async () =>
      Number((await status()).raftTerm) >= Number(raftTerm) + 2 && (await leader()) !== targetID;
    for (let tries = 0; tries < 100 && !(await cameAndWent()); tries++) await sleep(100);
    t.true(await cameAndWent(), 'its leadership came to the primary, and went');
    t.is((await store.leader())?.name, serving.name, 'the primary stayed');
  } finally {
    gateway.close();
  }
}

/** A bgpd that began anew does not know the address any more: the primary has it announced again, and stays the primary. */
async function announcesAgain(t: ExecutionContext, running: Lab, store: RunningMariadb): Promise<void> {
  const serving = await leaderWithin(store, LEADER_MS);
  const prefix = `${store.serviceAddress}/32`;
  const lines = ['configure terminal', 'router bgp', 'address-family ipv4 unicast', `no network ${prefix}`, 'end'];
  const isAnnounced = async () =>
    (await assertServiceAddress(running, store.serviceAddress, serving, 0)).every(({ verdict }) => verdict === 'pass');
  let gone = false;
  // It may be announced again before its withdrawal has gone far.
  for (let tries = 0; tries < 10 && !gone; tries++) {
    // It refuses where the announcement is not back yet.
    await running.running.exec(serving.node, ['vtysh', ...lines.flatMap((line) => ['-c', line])]);
    for (let looks = 0; looks < 20 && !gone; looks++) gone = !(await isAnnounced());
  }
  t.true(gone, 'the route was gone');
  const found = await assertServiceAddress(running, store.serviceAddress, serving, 10_000);
  t.deepEqual(
    found.map(({ verdict }) => verdict),
    ['pass'],
  );
  t.is((await store.leader())?.name, serving.name, 'the primary stayed');
}

/** Routes lead to who serves; a second one that announces the same address is named, and so is whoever is led there. */
async function oneAnnouncer(t: ExecutionContext, running: Lab, store: RunningMariadb): Promise<void> {
  const serving = await leaderWithin(store, LEADER_MS);
  const judge = (timeoutMs: number) => assertServiceAddress(running, store.serviceAddress, serving, timeoutMs);
  t.deepEqual(
    (await judge(5_000)).map(({ verdict }) => verdict),
    ['pass'],
  );
  const second = store.members.find(({ name }) => name !== serving.name)!;
  await announce(running.running, second.node, store.serviceAddress);
  const isFabric = ({ target }: { readonly target: string }) => /^(leaf|spine)-/.test(target);
  let found = await judge(0);
  for (let tries = 0; tries < 100 && !found.some(isFabric); tries++) {
    await sleep(100);
    found = await judge(0);
  }
  t.true(found.every(({ name, verdict }) => name === 'service-address' && verdict === 'fail'));
  const named = found.find(({ target }) => target === second.node)!;
  t.regex(named.why, new RegExp(`has ${store.serviceAddress}, which ${serving.node} serves`));
  t.true(found.some(isFabric));
  await withdraw(running.running, second.node, store.serviceAddress);
  t.deepEqual(
    (await judge(5_000)).map(({ verdict }) => verdict),
    ['pass'],
  );
  t.is((await assertServiceAddress(running, store.serviceAddress, undefined, 0))[0]?.verdict, 'unknown');
}

lab(
  'a replica that comes back without its disk is rebuilt, also where its power goes in the middle of that',
  async (t) => {
    await withDatabase(`${NAME}-rebuild`, { seed: 5 }, async ({ lab: running, store, load, rackOf, finish }) => {
      await sleep(500);
      const primary = await leaderWithin(store, LEADER_MS);
      const { node, name } = store.members.find((member) => member.name !== primary.name)!;
      const said = (what: string) =>
        store.events.filter(({ member, event }) => member === name && event.startsWith(what));
      const fault = await running.fault('disk-lost', node);
      t.is(fault.proof.verdict, 'pass', fault.proof.evidence);
      await fault.heal();
      await store.restart([node]);
      const until = performance.now() + 30_000;
      while (said('its data is not whole').length === 0 && performance.now() < until) await sleep(5);
      // Its data folder is emptied, filled, and given its users one after another from here on.
      await sleep(100);
      const { atMs } = await running.running.powerOff(rackOf(node));
      t.deepEqual(said('was rebuilt'), [], 'the power went too late to interrupt anything');
      await running.running.powerOn(rackOf(node));
      await store.restart(rackOf(node));
      await store.healthy(60_000);
      t.true(said('its data is not whole').some((event) => event.atMs > atMs));
      t.is(said('was rebuilt').length, 1);
      t.truthy(await load.acknowledgedAfter(atMs, 10_000));
      const { history, missing: unread } = await finish();
      t.deepEqual(unread, []);
      const judged = withReplicas(judgeDatabase('mariadb', history, []), await store.states(10_000));
      for (const { name: assertion, verdict, why } of judged.assertions) t.is(verdict, 'pass', `${assertion}: ${why}`);
      t.true(judged.assertions.some((one) => one.name === 'replicas-agree'));
    });
  },
);
