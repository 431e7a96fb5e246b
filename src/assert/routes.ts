/** Are the kernel's tables what the oracle says? */
import type { RouteDifference } from '../router/routes.ts';
import { type Assertion, type Defect, judgeAll, judgeLimit, summary } from './assertion.ts';

/** One difference in words. */
export function describeDifference({ prefix, expected, actual }: RouteDifference): string {
  const hops = (interfaces: readonly string[]) => (interfaces.length === 0 ? 'dropped' : interfaces.join(', '));
  if (expected === undefined) return `${prefix} via ${hops(actual ?? [])} must not be there`;
  if (actual === undefined) return `${prefix} via ${hops(expected)} is missing`;
  return `${prefix} goes via ${hops(actual)} instead of ${hops(expected)}`;
}

/**
 * Was the lab right soon enough? Where it was not, the router that had most to catch up with is named.
 * @param late what still differed when the time was over
 */
export function assertConverged(
  lab: string,
  tookMs: number,
  limitMs: number,
  late: readonly RouteDifference[],
): Assertion {
  const judged = judgeLimit('converged', lab, 'ms', tookMs, limitMs);
  const most = [...Map.groupBy(late, ({ node }) => node)].sort(([, a], [, b]) => b.length - a.length)[0];
  if (judged.verdict === 'pass' || most === undefined) return judged;
  const [target, missing] = most;
  const why = `${judged.why}; when it was over, ${target} lacked most: ${summary(missing.map(describeDifference))}`;
  return Object.freeze({ ...judged, target, why });
}

/**
 * @param routers how many routers were compared
 * @param origins routers that are to blame for what others lack
 */
export function assertRoutes(
  lab: string,
  routers: number,
  differences: readonly RouteDifference[],
  origins: readonly Defect[] = [],
): readonly Assertion[] {
  const wrong = differences.map((difference) => ({ target: difference.node, why: describeDifference(difference) }));
  return judgeAll('routes', lab, 'routers', routers, [...origins, ...wrong]);
}
