/** What members say of themselves. */
import type { RunningLab } from '../../engine/engine.ts';
import type { Member } from '../store.ts';
import { type Answer, createGateway } from './gateway.ts';

/** A member's own view of the cluster. */
export interface MemberStatus {
  readonly member: Member;
  readonly id: string;
  /** Id of the leader that it knows; undefined where it knows none. */
  readonly leader: string | undefined;
  readonly term: number;
  /** Highest index of its log that is committed. */
  readonly index: number;
}

/** Asked from the member's own node, so that no route stands between. Undefined where it does not answer. */
export async function statusOf(lab: RunningLab, member: Member, timeoutMs: number): Promise<MemberStatus | undefined> {
  const answer = await ask(lab, member, '/v3/maintenance/status', {}, timeoutMs);
  if (answer.kind !== 'answer' || answer.status !== 200) return undefined;
  const { header, leader, raftTerm, raftIndex } = answer.body as {
    readonly header: { readonly member_id: string };
    readonly leader?: string;
    readonly raftTerm?: string;
    readonly raftIndex?: string;
  };
  return {
    member,
    id: header.member_id,
    leader: leader === '0' ? undefined : leader,
    term: Number(raftTerm ?? 0),
    index: Number(raftIndex ?? 0),
  };
}

/** Why a member does not serve; undefined where it does: it answers a read that a quorum confirmed. */
export async function illness(lab: RunningLab, member: Member, timeoutMs: number): Promise<string | undefined> {
  const answer = await ask(lab, member, '/v3/kv/range', { key: Buffer.from('health').toString('base64') }, timeoutMs);
  if (answer.kind !== 'answer') return answer.error;
  return answer.status === 200 ? undefined : ((answer.body as { error?: string }).error ?? `status ${answer.status}`);
}

/** One call of a member's gateway, from its own node. */
export async function ask(
  lab: RunningLab,
  member: Member,
  path: string,
  body: object,
  timeoutMs: number,
): Promise<Answer> {
  const gateway = createGateway(lab.node(member.node).netns);
  try {
    return await gateway.call(member.address, path, body, timeoutMs);
  } finally {
    gateway.close();
  }
}
