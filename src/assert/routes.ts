/** Are the kernel's tables what the oracle says? */
import type { RouteDifference } from '../router/routes.ts';
import { type Assertion, judgeAll } from './assertion.ts';

/** One difference in words. */
export function describeDifference({ prefix, expected, actual }: RouteDifference): string {
  const hops = (interfaces: readonly string[]) => (interfaces.length === 0 ? 'dropped' : interfaces.join(', '));
  if (expected === undefined) return `${prefix} via ${hops(actual ?? [])} must not be there`;
  if (actual === undefined) return `${prefix} via ${hops(expected)} is missing`;
  return `${prefix} goes via ${hops(actual)} instead of ${hops(expected)}`;
}

/** @param routers how many routers were compared */
export function assertRoutes(
  lab: string,
  routers: number,
  differences: readonly RouteDifference[],
): readonly Assertion[] {
  return judgeAll(
    'routes',
    lab,
    'routers',
    routers,
    differences.map((difference) => ({ target: difference.node, why: describeDifference(difference) })),
  );
}
