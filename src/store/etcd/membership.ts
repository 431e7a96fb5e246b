/** Who belongs to a cluster: members that lost their data leave it and join again as new ones (etcd's runtime reconfiguration). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningLab } from '../../engine/engine.ts';
import { nowMs } from '../../linux/clock.ts';
import type { Member } from '../store.ts';
import { peerUrl } from './argv.ts';
import { ask } from './status.ts';

const ASK_MS = 2_000;
const RETRY_MS = 200;

interface Listed {
  readonly ID: string;
  readonly peerURLs?: readonly string[];
}

/**
 * Makes a place for a new member at the address of one that lost its data: the old one is removed, since etcd must never see it again
 * without what it once promised to know; the new one is to be started with an empty folder and `--initial-cluster-state=existing`.
 * etcd refuses while it is not sure of its quorum, so this tries until it agrees.
 * @param others members that may be asked
 * @throws Error with etcd's last word where it does not agree within the time (ms)
 */
export async function replaceMember(
  lab: RunningLab,
  lost: Member,
  others: readonly Member[],
  timeoutMs: number,
): Promise<void> {
  const deadline = nowMs() + timeoutMs;
  let why = 'no other member is left';
  let removed = false;
  for (let round = 0; others.length > 0; round++) {
    const asked = others[round % others.length]!;
    try {
      const stale = removed ? undefined : await memberAt(lab, asked, lost);
      if (stale !== undefined) await call(lab, asked, 'member/remove', { ID: stale.ID });
      removed = true;
      // An answer that got lost may have added it already.
      if ((await memberAt(lab, asked, lost)) === undefined)
        await call(lab, asked, 'member/add', { peerURLs: [peerUrl(lost)] });
      return;
    } catch (error) {
      why = (error as Error).message;
    }
    if (nowMs() >= deadline) break;
    await sleep(RETRY_MS);
  }
  throw new Error(`etcd member ${lost.name} lost its data and cannot be replaced within ${timeoutMs} ms: ${why}`);
}

async function memberAt(lab: RunningLab, asked: Member, wanted: Member): Promise<Listed | undefined> {
  const { members = [] } = (await call(lab, asked, 'member/list', {})) as { members?: readonly Listed[] };
  return members.find(({ peerURLs = [] }) => peerURLs.includes(peerUrl(wanted)));
}

async function call(lab: RunningLab, asked: Member, what: string, body: object): Promise<unknown> {
  const answer = await ask(lab, asked, `/v3/cluster/${what}`, body, ASK_MS);
  if (answer.kind !== 'answer') throw new Error(`${asked.name}: ${what}: ${answer.error}`);
  if (answer.status !== 200) {
    const { error = `status ${answer.status}` } = answer.body as { error?: string };
    throw new Error(`${asked.name}: ${what}: ${error}`);
  }
  return answer.body;
}
