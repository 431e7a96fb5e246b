/** To whom a primary hands over. */
import type { Member } from '../store.ts';
import type { Session } from './connection.ts';
import { positionOf, sequenceOf } from './replication.ts';
import { manage, type ServerPlace } from './server.ts';

const CONNECT_MS = 300;

/**
 * Of the other members the one that has executed most, and an open session there.
 * @param place of the one who asks, from whose node it is asked
 * @throws Error where none answers
 */
export async function nearestReplica(
  place: ServerPlace,
  others: readonly Member[],
): Promise<{ readonly member: Member; readonly session: Session }> {
  const found = await Promise.all(
    others.map(async (member) => {
      try {
        const session = await manage({ ...place, member }, CONNECT_MS, place.member.node);
        try {
          return { member, session, position: sequenceOf(await positionOf(session)) };
        } catch (error) {
          session.close();
          throw error;
        }
      } catch {
        return undefined;
      }
    }),
  );
  const [first, ...rest] = found.filter((one) => one !== undefined).sort((a, b) => b.position - a.position);
  for (const { session } of rest) session.close();
  if (first === undefined) throw new Error('no replica answers');
  return first;
}
