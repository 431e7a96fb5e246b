/** Who is to be the next primary. Pure. */
import type { LeaseRecord, PositionReport } from './lease.ts';
import { sequenceOf } from './replication.ts';

/**
 * Whether the reports hold every acknowledged write: those of the last holder, who has all of them, or of all the others, of whom one has each.
 * Before there was a holder, nothing was acknowledged, and most members must agree to begin.
 */
export function isEnough({ holder }: LeaseRecord, reports: readonly PositionReport[], members: number): boolean {
  if (holder === '') return reports.length > members / 2;
  if (reports.some(({ member }) => member === holder)) return true;
  return reports.filter(({ complete }) => complete).length >= members - 1;
}

/**
 * The one that has most, then the one that has executed most of it, then whoever asks, for that one need not be waited for.
 * @throws TypeError without reports
 */
export function furthest(reports: readonly PositionReport[], self: string): PositionReport {
  const sorted = [...reports].sort(
    (a, b) =>
      sequenceOf(b.position) - sequenceOf(a.position) ||
      sequenceOf(b.executed) - sequenceOf(a.executed) ||
      Number(b.member === self) - Number(a.member === self),
  );
  if (sorted[0] === undefined) throw new TypeError('nobody reported a position');
  return sorted[0];
}
