/** Targets of a partition: which nodes no longer hear which. Pure. */
import { InputError } from '../errors.ts';

export interface Partition {
  /** Each node in one group at most. */
  readonly groups: readonly (readonly string[])[];
  /** Numbers of the groups whose packets no longer arrive, and of those where they do not. */
  readonly cuts: readonly { readonly from: number; readonly to: number }[];
}

/** The nodes that a target may name, and those that `*` stands for where it does not name them. */
export interface PartitionNodes {
  readonly nodes: readonly string[];
  readonly servers: readonly string[];
}

const GRAMMAR =
  "a partition is written 'A|B,C' (A and B, C hear nothing of each other; three groups and more likewise) or 'A>B' (B hears nothing of A); '*' is every server that is not named";

/**
 * The groups of a target such as `server-1-1|server-2-1,server-3-1` (both ways) or `server-1-1>*` (one way).
 * @throws InputError naming what is wrong with the target
 */
export function partitionOf(target: string, { nodes, servers }: PartitionNodes): Partition {
  const oneWay = target.includes('>');
  const written = target.split(oneWay ? '>' : '|').map((group) => group.split(',').map((name) => name.trim()));
  const wrong = (why: string) => new InputError(`partition '${target}': ${why}; ${GRAMMAR}`);
  if (oneWay && (written.length !== 2 || target.includes('|'))) throw wrong('one way has two sides');
  if (written.length < 2) throw wrong('there is one group only');
  const names = written.flat();
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.includes('')) throw wrong('a name is missing');
  if (twice !== undefined) throw wrong(`${twice} is named twice`);
  const strangers = names.filter((name) => name !== '*' && !nodes.includes(name));
  if (strangers.length > 0) {
    const some = `${nodes.slice(0, 8).join(', ')}${nodes.length > 8 ? ', ...' : ''}`;
    throw wrong(`there is no node ${strangers.join(', ')}; the nodes are ${some}`);
  }
  const others = servers.filter((name) => !names.includes(name));
  const groups = written.map((group) => group.flatMap((name) => (name === '*' ? others : [name])));
  if (groups.some((group) => group.length === 0)) throw wrong("'*' stands for no server here");
  const cuts = groups.flatMap((_, from) => groups.flatMap((_, to) => (from === to ? [] : [{ from, to }])));
  return Object.freeze({ groups, cuts: oneWay ? [{ from: 0, to: 1 }] : cuts });
}

/** Sender -> those at whom its packets no longer arrive. */
export function separatedBy({ groups, cuts }: Partition): ReadonlyMap<string, ReadonlySet<string>> {
  const separated = new Map<string, Set<string>>();
  for (const { from, to } of cuts) {
    for (const sender of groups[from]!) {
      const receivers = separated.get(sender) ?? new Set();
      for (const receiver of groups[to]!) receivers.add(receiver);
      separated.set(sender, receivers);
    }
  }
  return separated;
}
