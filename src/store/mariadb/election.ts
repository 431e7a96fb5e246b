/** Who is to be the next primary. Pure. */
import type { LeaseRecord, PositionReport } from './lease.ts';
import { sequenceOf } from './replication.ts';

/**
 * Whether the reports hold every acknowledged write: that of the one who served last, who has all of them unless it lost its disk, or those of
 * all the others, of whom one has each. Before anybody served, nothing was acknowledged, and most members must agree to begin.
 */
export function isEnough({ served }: LeaseRecord, reports: readonly PositionReport[], members: number): boolean {
  if (served === undefined) return reports.length > members / 2;
  const own = reports.find(({ member }) => member === served.member);
  if (own !== undefined && sequenceOf(own.position) >= sequenceOf(served.position)) return true;
  return reports.filter(({ member, complete }) => complete && member !== served.member).length >= members - 1;
}

/** Who served last, as the record of a lease that ended tells. */
export function lastServed({ holder, end, served }: LeaseRecord): LeaseRecord['served'] {
  return end === undefined ? served : { member: holder, position: end.position };
}

/**
 * Of those who have what was acknowledged (an old primary that came back may have more, which was not): the one that has most, then the one that has executed most of it, then whoever asks, for that one need not be waited for.
 * @throws TypeError without reports
 */
export function furthest({ served }: LeaseRecord, reports: readonly PositionReport[], self: string): PositionReport {
  const able = reports.filter(({ member, complete }) => served === undefined || complete || member === served.member);
  const sorted = able.sort(
    (a, b) =>
      sequenceOf(b.position) - sequenceOf(a.position) ||
      sequenceOf(b.executed) - sequenceOf(a.executed) ||
      Number(b.member === self) - Number(a.member === self),
  );
  if (sorted[0] === undefined) throw new TypeError('nobody reported a position');
  return sorted[0];
}
