/** Stores under load through a run: started, loaded, brought back after power cuts, judged. */
import { MissingError } from '../errors.ts';
import { etcdWith, type Load, startLoad } from '../store/etcd/index.ts';
import type { Member } from '../store/store.ts';
import type { StorePlan } from './definition.ts';
import type { Lab } from './lab.ts';
import { judgeStore, type StoreFault, type StoreJudgement } from './store-verdict.ts';

export interface StoreUnderLoad {
  readonly kind: string;
  readonly members: readonly Member[];
  leader(): Promise<Member | undefined>;
  /** Starts members again on those of the nodes that have one. */
  restart(nodes: readonly string[]): Promise<void>;
  healthy(timeoutMs: number): Promise<void>;
  /** A fault was measured: where it took the leader's power, the store's RTO counts from it. */
  noteFault(fault: StoreFault): void;
  /** Ends the load, reads every key finally and judges the history. */
  judge(): Promise<StoreJudgement>;
  /** Ends the load, whatever state it is in. */
  stop(): Promise<void>;
  /** What `judge` needs again from the record. */
  readonly rtoFault: StoreFault | undefined;
}

/** How long final reads may take: a store that just came back answers within a second. */
const FINAL_READS_MS = 15_000;

/** @throws Error naming the member that did not come; InputError where a node of the plan has no service address */
export async function startStores(
  lab: Lab,
  plans: readonly StorePlan[],
  options: { readonly seed: number; readonly historyFile: string },
): Promise<readonly StoreUnderLoad[]> {
  if (plans.length > 1) throw new MissingError('this version puts one store on a lab');
  return Promise.all(plans.map((plan) => startStore(lab, plan, options)));
}

async function startStore(
  lab: Lab,
  plan: StorePlan,
  { seed, historyFile }: { readonly seed: number; readonly historyFile: string },
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

function underLoad(
  lab: Lab,
  plan: StorePlan,
  store: Awaited<ReturnType<ReturnType<typeof etcdWith>['start']>>,
  load: Load,
): StoreUnderLoad {
  const memberNodes = new Set(plan.members);
  let rtoFault: StoreFault | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= load.stop();
    return stopped;
  };
  return {
    kind: plan.kind,
    members: store.members,
    leader: () => store.leader(),
    async restart(nodes) {
      const struck = nodes.filter((node) => memberNodes.has(node));
      if (struck.length > 0) await store.restart(struck);
    },
    healthy: (timeoutMs) => store.healthy(timeoutMs),
    noteFault(fault) {
      if (fault.kind === 'rack-power' && lab.intent.racks.get(fault.target)?.some((node) => memberNodes.has(node)))
        rtoFault = fault;
    },
    get rtoFault() {
      return rtoFault;
    },
    async judge() {
      await stop();
      await load.finalReads(FINAL_READS_MS);
      return judgeStore(plan.kind, await load.history(), rtoFault);
    },
    async stop() {
      // The process of the load may be gone already, with the lab that it worked on.
      await stop().catch(() => {});
      await load.history().catch(() => {});
    },
  };
}

/** A server's own address, as its fabric or its configuration gives it. */
function serviceAddress(lab: Lab, node: string): string {
  const config = lab.intent.oracle.configs.get(node);
  const address = config?.interfaces?.find(({ name }) => name === 'lo')?.ipv4?.[0]?.split('/')[0];
  if (address === undefined) throw new Error(`${node} has no address on its loopback, so no store can serve from it`);
  return address;
}
