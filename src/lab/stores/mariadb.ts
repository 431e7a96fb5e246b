/** MariaDB under load through a run: registers, a bank and a set, on whoever is primary. */
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { formatAddress, host, parsePrefix } from '../../fabric/cidr.ts';
import type { Load } from '../../store/load/index.ts';
import { type RunningMariadb, startDatabaseLoad, startMariadb } from '../../store/mariadb/index.ts';
import { hostPrefix } from '../../store/service-address.ts';
import { judgeDatabase } from '../database-verdict.ts';
import type { MariadbPlan } from '../definition.ts';
import type { Lab } from '../lab.ts';
import { withReplicas } from '../replica-verdict.ts';
import { serviceAddress } from './members.ts';
import { stopOnce, Trials } from './trials.ts';
import type { StoreOptions, StoreUnderLoad } from './under-load.ts';

const FINAL_READS_MS = 20_000;
/** So long may a replica take to execute what the primary has. */
const STATES_MS = 5_000;

/** Starts the members with their managers and puts clients to work on the service address. @throws Error naming the member that did not come */
export async function startMariadbUnderLoad(
  lab: Lab,
  plan: MariadbPlan,
  { seed, historyFile, onManager }: StoreOptions,
): Promise<StoreUnderLoad> {
  requireZones(lab, plan.members);
  const address = plan.serviceAddress ?? firstServiceAddress(lab);
  lab.intent.floating.add(hostPrefix(address));
  const members = plan.members.map((node) => ({ name: node, node, address: serviceAddress(lab, node) }));
  const { semiSyncTimeoutMs, naiveChoice = false, noFencing = false, looseDisk = false } = plan;
  const store = await startMariadb(lab.running, members, address, {
    naiveChoice,
    noFencing,
    looseDisk,
    ...(semiSyncTimeoutMs === undefined ? {} : { semiSyncTimeoutMs }),
    say: ({ member, epoch, role, event }) => onManager?.(member, `epoch ${epoch}, ${role}: ${event}`),
  });
  try {
    const load = await startDatabaseLoad({
      history: historyFile,
      seed,
      places: plan.clientNodes.map((node) => lab.running.node(node).netns),
      clients: plan.clients,
      keys: plan.keys,
      serviceAddress: address,
      dir: join(lab.running.dir, 'mariadb'),
      rate: plan.rate,
      ...(plan.timeoutMs === undefined ? {} : { timeoutMs: plan.timeoutMs }),
    });
    return underLoad(plan, store, load);
  } catch (error) {
    await store.stop();
    throw error;
  }
}

function underLoad(plan: MariadbPlan, store: RunningMariadb, load: Load): StoreUnderLoad {
  const memberNodes = new Set(plan.members);
  const trials = new Trials();
  const stop = stopOnce(load);
  return {
    kind: plan.kind,
    members: store.members,
    serviceAddress: store.serviceAddress,
    leader: () => store.leader(),
    roles: () => store.roles(),
    async restart(nodes) {
      const struck = nodes.filter((node) => memberNodes.has(node));
      if (struck.length > 0) await store.restart(struck);
    },
    healthy: (timeoutMs) => store.healthy(timeoutMs),
    trials,
    noteFault(fault) {
      // Whoever was primary as it struck tells whether it was an outage: where the lease changed hands after it, it was one.
      const moved = store.events.some(({ event, atMs }) => atMs > fault.atMs && event.startsWith('serves epoch'));
      trials.noteFault(fault, moved);
    },
    async judge() {
      await stop();
      const { missing } = await load.finalReads(FINAL_READS_MS);
      if (missing.length === 0) trials.noteReadable();
      const judged = judgeDatabase(plan.kind, await load.history(), trials.outages, trials.unrecovered);
      const states = store
        .states(STATES_MS)
        .catch((error: Error) => ({ states: [], missing: [`all members: ${error.message}`] }));
      return withReplicas(judged, await states);
    },
    async stop() {
      await stop().catch(() => {});
      await load.history().catch(() => {});
      await store.stop();
    },
  };
}

/** @throws InputError where two members would be lost with one rack, or a node does not exist */
function requireZones({ name, running, intent }: Lab, members: readonly string[]): void {
  const strangers = members.filter((member) => !running.nodes.some((node) => node.name === member));
  if (strangers.length > 0)
    throw new InputError(`${name}: there is no node ${strangers.join(', ')} for a MariaDB member`);
  const rackOf = (member: string) => [...intent.racks].find(([, nodes]) => nodes.includes(member))?.[0] ?? member;
  const zones = new Set(members.map(rackOf));
  if (zones.size < members.length) {
    throw new InputError(
      `${name}: ${members.length} MariaDB members on ${zones.size} racks (${[...zones].join(', ')}): two of them would be lost with one rack, and acknowledged writes with them; give each a rack of its own`,
    );
  }
}

/** @throws Error where the design has no floating addresses */
function firstServiceAddress(lab: Lab): string {
  const pool = parsePrefix(lab.fabric?.design.pools.service4 ?? '');
  if (pool === undefined)
    throw new Error(`${lab.name}: the design has no pool service4, so no primary can announce itself`);
  return formatAddress('ipv4', host(pool, 1).address);
}
