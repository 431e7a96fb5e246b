/** Redis with Sentinel under load through a run: judged as a cache, or as the store that it is not. */
import type { Load } from '../../store/load/index.ts';
import { redisWith, startCacheLoad } from '../../store/redis/index.ts';
import type { RunningStore } from '../../store/store.ts';
import { judgeCache } from '../cache-verdict.ts';
import type { RedisPlan } from '../definition.ts';
import type { Lab } from '../lab.ts';
import { judgeStore } from '../store-verdict.ts';
import { serviceAddress } from './members.ts';
import { stopOnce, Trials, tookMembers } from './trials.ts';
import type { StoreOptions, StoreUnderLoad } from './under-load.ts';

const FINAL_READS_MS = 15_000;
/** Sentinels leave a second primary alone for about ten seconds before they make a replica of it. */
const WHOLE_MS = 40_000;

/** Starts members and sentinels and puts clients to work. @throws Error naming what did not come */
export async function startRedis(
  lab: Lab,
  plan: RedisPlan,
  { seed, historyFile }: StoreOptions,
): Promise<StoreUnderLoad> {
  const members = plan.members.map((node) => ({ name: node, node, address: serviceAddress(lab, node) }));
  const { minReplicasToWrite, downAfterMs } = plan;
  const store = await redisWith({
    ...(minReplicasToWrite === undefined ? {} : { minReplicasToWrite }),
    ...(downAfterMs === undefined ? {} : { downAfterMs }),
  }).start(lab.running, members);
  const load = await startCacheLoad({
    history: historyFile,
    seed,
    // An application beside a member has that one nearest; the others are dealt out.
    places: plan.clientNodes.map((node, at) => ({
      netns: lab.running.node(node).netns,
      nearest: plan.members.includes(node) ? plan.members.indexOf(node) : at % members.length,
    })),
    clients: plan.clients,
    keysPerClient: plan.keysPerClient,
    members: members.map(({ address }) => address),
    rate: plan.rate,
    timeoutMs: plan.timeoutMs ?? 500,
    readFrom: plan.readFrom ?? 'nearest',
  });
  return underLoad(lab, plan, store, load);
}

function underLoad(lab: Lab, plan: RedisPlan, store: RunningStore, load: Load): StoreUnderLoad {
  const memberNodes = new Set(plan.members);
  const trials = new Trials();
  const stop = stopOnce(load);
  return {
    kind: plan.kind,
    members: store.members,
    leader: () => store.leader(),
    roles: () => store.roles(),
    restart: (nodes) => store.restart(nodes.filter((node) => memberNodes.has(node))),
    healthy: (timeoutMs) => store.healthy(Math.max(timeoutMs, WHOLE_MS)),
    trials,
    noteFault(fault) {
      trials.noteFault(fault, tookMembers(fault, memberNodes, lab.intent.racks));
    },
    ...(plan.judgedAs === 'store' ? {} : { maxStaleMs: plan.maxStaleMs }),
    async judge() {
      await stop();
      const { missing } = await load.finalReads(FINAL_READS_MS);
      if (missing.length === 0) trials.noteReadable();
      const history = await load.history();
      return plan.judgedAs === 'store'
        ? judgeStore(plan.kind, history, trials.outages, trials.unrecovered)
        : judgeCache(plan.kind, history, plan.maxStaleMs, trials.outages, trials.unrecovered);
    },
    async stop() {
      // The process of the load may be gone already, with the lab that it worked on.
      await stop().catch(() => {});
      await load.history().catch(() => {});
    },
  };
}
