/** Which links the chosen flows cross, and how often they still should. */
import type { Flow } from './observer.ts';
import type { ProbeLink, Step } from './paths.ts';

/** One direction of a link. */
export interface Direction extends Step {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

export interface Crossings extends Step {
  /** How many flows cross, by family. */
  readonly ipv4: number;
  readonly ipv6: number;
}

export class Coverage {
  readonly directions: readonly Direction[];
  readonly #families: readonly (4 | 6)[];
  readonly #minimum: number;
  readonly #crossings = new Map<string, { 4: number; 6: number }>();

  /** @param minimum flows across each direction, all families together; of each family its whole share of them */
  constructor(links: readonly ProbeLink[], families: readonly (4 | 6)[], minimum: number) {
    this.directions = links.flatMap(({ name, a, z }) => [
      direction(name, 'aToZ', a.node, z.node),
      direction(name, 'zToA', z.node, a.node),
    ]);
    this.#families = families;
    this.#minimum = minimum;
    for (const { key } of this.directions) this.#crossings.set(key, { 4: 0, 6: 0 });
  }

  /** Whether one more flow of the family is wanted across; without a family: of any. */
  wants(key: string, family?: 4 | 6): boolean {
    const crossings = this.#crossings.get(key);
    if (crossings === undefined) return false;
    if (family === undefined) return crossings[4] + crossings[6] < this.#minimum;
    return crossings[family] < Math.floor(this.#minimum / this.#families.length);
  }

  /** How much a flow would add. */
  worth({ family, path }: Flow): number {
    let worth = 0;
    for (const step of path) {
      const key = keyOf(step);
      if (this.wants(key, family)) worth += 2;
      else if (this.wants(key)) worth += 1;
    }
    return worth;
  }

  add({ family, path }: Flow): void {
    for (const step of path) {
      const crossings = this.#crossings.get(keyOf(step));
      if (crossings !== undefined) crossings[family]++;
    }
  }

  /** Directions that are crossed less often than wanted, or not at all by one of the families. */
  lacking(): readonly Crossings[] {
    return this.directions
      .filter(({ key }) => this.wants(key) || this.#families.some((family) => this.wants(key, family)))
      .map(({ key, link, direction }) => {
        const crossings = this.#crossings.get(key)!;
        return Object.freeze({ link, direction, ipv4: crossings[4], ipv6: crossings[6] });
      });
  }
}

export function keyOf({ link, direction }: Step): string {
  return `${direction} ${link}`;
}

function direction(link: string, way: Step['direction'], from: string, to: string): Direction {
  return Object.freeze({ key: keyOf({ link, direction: way }), link, direction: way, from, to });
}
