/** What BGP knows of one path, as far as it decides anything here. */
import type { AsPath } from './as-path.ts';

export interface Attributes {
  readonly as: AsPath;
  readonly localPreference: number;
  /** 0 where there is none: FRR's default takes a missing MED as the best. */
  readonly med: number;
  readonly origin: Origin;
  /** Originated here: weight 32768. */
  readonly local: boolean;
  /** Interface that `match interface` sees; undefined where FRR has none. */
  readonly interface: string | undefined;
  /** Next hop of a local route, for peers on that subnet (RFC 4271 section 5.1.3, third party). */
  readonly thirdParty: bigint | undefined;
  /** ASNs that may or may not be in the path: it depends on which of several equal paths came first somewhere. */
  readonly doubtful: ReadonlySet<number> | undefined;
}

/** RFC 4271 section 5.1.1: the lower is preferred. */
export type Origin = typeof IGP | typeof INCOMPLETE;
export const IGP = 0;
export const INCOMPLETE = 2;

export function sameAttributes(a: Attributes | undefined, b: Attributes | undefined): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.as === b.as &&
    a.localPreference === b.localPreference &&
    a.med === b.med &&
    a.origin === b.origin &&
    a.local === b.local &&
    a.interface === b.interface &&
    a.thirdParty === b.thirdParty &&
    sameSet(a.doubtful, b.doubtful)
  );
}

export function sameSet(a: ReadonlySet<number> | undefined, b: ReadonlySet<number> | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.size === b.size && [...a].every((each) => b.has(each));
}
