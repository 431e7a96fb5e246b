/** When the operations of an open loop are sent: clients that do not wait for one another, as users do not. */
import { createRandom } from '../random.ts';

export interface Arrivals {
  readonly seed: number;
  readonly perSecond: number;
  /** `fixed`: evenly spaced. `poisson`: independent of each other, with exponential gaps. */
  readonly kind: 'fixed' | 'poisson';
}

export function arrivals(seed: number, perSecond: number, kind: Arrivals['kind'] = 'poisson'): Arrivals {
  if (!(perSecond > 0 && Number.isFinite(perSecond)))
    throw new RangeError(`${perSecond} operations a second: give a finite rate above zero`);
  return Object.freeze({ seed, perSecond, kind });
}

/**
 * The instants at which to send, in milliseconds from the beginning of the load, from `fromMs` to before `toMs`, rising. Any
 * window gives the same instants whatever was asked for before: a Poisson process forgets, so each second has a stream of its own.
 */
export function arrivalsBetween({ seed, perSecond, kind }: Arrivals, fromMs: number, toMs: number): readonly number[] {
  const instants: number[] = [];
  const gap = 1000 / perSecond;
  if (kind === 'fixed') {
    for (let i = Math.max(0, Math.ceil(fromMs / gap)); i * gap < toMs; i++) instants.push(i * gap);
    return instants;
  }
  for (let second = Math.max(0, Math.floor(fromMs / 1000)); second * 1000 < toMs; second++) {
    const random = createRandom(seed, second);
    const end = (second + 1) * 1000;
    // 1 - next() is never zero.
    const step = (): number => -Math.log(1 - random.next()) * gap;
    for (let at = second * 1000 + step(); at < end && at < toMs; at += step()) if (at >= fromMs) instants.push(at);
  }
  return instants;
}
