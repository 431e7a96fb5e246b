/** What a cut takes with it: pure, from the tree and the elements that are cut. */
import type { PowerElementKind, PowerPlaceKind, PowerTree } from './fabric.ts';

/** Something that can be cut. */
export interface PowerSource {
  readonly name: string;
  readonly kind: PowerElementKind | PowerPlaceKind;
}

/** Everything of a tree that can be cut, elements first. */
export function powerSources({ elements, places }: PowerTree): readonly PowerSource[] {
  return [...elements, ...places].map(({ name, kind }) => ({ name, kind }));
}

/**
 * The nodes that have no live supply left with these elements and places cut, in the tree's order. A device stands in what is cut and is
 * off, whatever feeds it; otherwise one live supply keeps it up.
 * @param tree without problems (`powerProblems`)
 * @param cut names of elements and places; others do not matter
 */
export function unpowered(tree: PowerTree, cut: ReadonlySet<string>): readonly string[] {
  const element = new Map(tree.elements.map((one) => [one.name, one]));
  const place = new Map(tree.places.map((one) => [one.name, one]));
  const dark = (name: string | undefined): boolean => {
    for (let at = name; at !== undefined; at = place.get(at)?.within) if (cut.has(at)) return true;
    return false;
  };
  const known = new Map<string, boolean>();
  const live = (name: string): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      const one = element.get(name);
      answer = one !== undefined && !cut.has(name) && !dark(one.within) && (one.kind === 'feed' || one.from.some(live));
      known.set(name, answer);
    }
    return answer;
  };
  return tree.devices.filter(({ supplies, within }) => dark(within) || !supplies.some(live)).map(({ node }) => node);
}

/** Names of the elements of one kind that a device draws from, by any way. */
export function poweredBy(tree: PowerTree, node: string, kind: PowerElementKind): readonly string[] {
  const element = new Map(tree.elements.map((one) => [one.name, one]));
  const found = new Set<string>();
  const climb = (names: readonly string[]): void => {
    for (const name of names) {
      const one = element.get(name);
      if (one?.kind === kind) found.add(name);
      climb(one?.from ?? []);
    }
  };
  climb(tree.devices.find((device) => device.node === node)?.supplies ?? []);
  return [...found];
}
