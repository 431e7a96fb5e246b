/** What members and their sentinels say of themselves. */
import type { RunningLab } from '../../engine/engine.ts';
import type { Member } from '../store.ts';
import { MASTER_NAME, PORT, SENTINEL_PORT } from './config.ts';
import { callOnce } from './connection.ts';
import { isError, type Reply } from './resp.ts';

export interface MemberRole {
  readonly member: Member;
  readonly role: 'primary' | 'replica';
  /** Address that a replica follows. */
  readonly follows?: string;
  /** A replica's connection to its primary. */
  readonly connected?: boolean;
}

/** A member's role in its own words (ROLE), asked from its own node. Undefined where it does not answer. */
export async function roleOf(lab: RunningLab, member: Member, timeoutMs: number): Promise<MemberRole | undefined> {
  const reply = await ask(lab, member, PORT, ['ROLE'], timeoutMs);
  if (!Array.isArray(reply)) return undefined;
  const [role, follows, , state] = reply as readonly Reply[];
  if (role === 'master') return { member, role: 'primary' };
  return { member, role: 'replica', follows: String(follows), connected: state === 'connected' };
}

/** Address of the primary that most sentinels name; undefined where no majority of all members' sentinels agrees. */
export async function agreedPrimary(
  lab: RunningLab,
  members: readonly Member[],
  timeoutMs: number,
): Promise<string | undefined> {
  const named = await Promise.all(
    members.map(async (member) => {
      const reply = await ask(
        lab,
        member,
        SENTINEL_PORT,
        ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME],
        timeoutMs,
      );
      return Array.isArray(reply) ? String(reply[0]) : undefined;
    }),
  );
  return named.find((one) => one !== undefined && named.filter((other) => other === one).length > members.length / 2);
}

/** What a sentinel knows: without the others and the replicas it could replace nobody. Undefined where it does not answer. */
export async function knownToSentinel(
  lab: RunningLab,
  member: Member,
  timeoutMs: number,
): Promise<{ readonly replicas: number; readonly otherSentinels: number } | undefined> {
  const reply = await ask(lab, member, SENTINEL_PORT, ['SENTINEL', 'MASTER', MASTER_NAME], timeoutMs);
  if (!Array.isArray(reply)) return undefined;
  const field = (name: string) => Number(reply[reply.indexOf(name) + 1]);
  return { replicas: field('num-slaves'), otherSentinels: field('num-other-sentinels') };
}

async function ask(
  lab: RunningLab,
  { node, address }: Member,
  port: number,
  words: readonly string[],
  timeoutMs: number,
): Promise<Reply | undefined> {
  const answer = await callOnce(lab.node(node).netns, address, port, words, timeoutMs);
  return answer.kind !== 'answer' || isError(answer.reply) ? undefined : answer.reply;
}
