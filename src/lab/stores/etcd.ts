/** etcd under load through a run: registers, judged for linearizability. */
import { etcdWith, type RunningEtcd, startLoad } from '../../store/etcd/index.ts';
import type { Load } from '../../store/load/index.ts';
import type { EtcdPlan } from '../definition.ts';
import type { Lab } from '../lab.ts';
import { judgeStore } from '../store-verdict.ts';
import { serviceAddress } from './members.ts';
import { stopOnce, Trials, tookMembers } from './trials.ts';
import type { StoreOptions, StoreUnderLoad } from './under-load.ts';

/** How long final reads may take: a store that just came back answers within a second. */
const FINAL_READS_MS = 15_000;

/** Starts the members and puts clients to work on them. @throws Error naming the member that did not come */
export async function startEtcd(
  lab: Lab,
  plan: EtcdPlan,
  { seed, historyFile }: StoreOptions,
): Promise<StoreUnderLoad> {
  const members = plan.members.map((node) => ({ name: node, node, address: serviceAddress(lab, node) }));
  const store = await etcdWith({ noFsync: plan.unsafeNoFsync ?? false }).start(lab.running, members);
  const load = await startLoad({
    history: historyFile,
    seed,
    places: plan.clientNodes.map((node) => lab.running.node(node).netns),
    clients: plan.clients,
    keys: plan.keys,
    members: members.map(({ address }) => address),
    rate: plan.rate,
    ...(plan.timeoutMs === undefined ? {} : { timeoutMs: plan.timeoutMs }),
    ...(plan.treatTimeoutAs === undefined ? {} : { treatTimeoutAs: plan.treatTimeoutAs }),
  });
  return underLoad(lab, plan, store, load);
}

function underLoad(lab: Lab, plan: EtcdPlan, store: RunningEtcd, load: Load): StoreUnderLoad {
  const memberNodes = new Set(plan.members);
  const trials = new Trials();
  const stop = stopOnce(load);
  return {
    kind: plan.kind,
    members: store.members,
    leader: () => store.leader(),
    roles: () => store.roles(),
    async restart(nodes) {
      const struck = nodes.filter((node) => memberNodes.has(node));
      if (struck.length > 0) await store.restart(struck);
    },
    healthy: (timeoutMs) => store.healthy(timeoutMs),
    rebuild: (nodes) => store.rebuild(nodes.filter((node) => memberNodes.has(node))),
    trials,
    noteFault(fault) {
      trials.noteFault(fault, tookMembers(fault, memberNodes, lab.intent.racks));
    },
    async judge() {
      await stop();
      const { missing } = await load.finalReads(FINAL_READS_MS);
      if (missing.length === 0) trials.noteReadable();
      return judgeStore(plan.kind, await load.history(), trials.outages, trials.unrecovered);
    },
    async stop() {
      // The process of the load may be gone already, with the lab that it worked on.
      await stop().catch(() => {});
      await load.history().catch(() => {});
    },
  };
}
