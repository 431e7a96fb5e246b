// Partitions of every shape, drawn from a seed. Who is primary is known only when the time comes, so a shape speaks of roles.
import { createRandom, type Random } from '../../src/random.ts';

export const SHAPES = [
  'primary-isolated',
  'replica-isolated',
  'minority',
  'one-way-out',
  'one-way-in',
  'partial',
  'shattered',
  'flapping',
] as const;
export type Shape = (typeof SHAPES)[number];
const STEADY = SHAPES.filter((shape) => shape !== 'flapping');

/** Nodes by what they are as the partition strikes. */
export interface Roles {
  readonly primary: string;
  readonly replicas: readonly string[];
  readonly clients: readonly string[];
}

export interface DrawnPartition {
  readonly shape: Shape;
  /** Target of the fault `partition`. */
  target(roles: Roles): string;
  /** Milliseconds for which it is in force, and whole again between: once, or several times in turn. */
  readonly times: readonly { readonly onMs: number; readonly offMs: number }[];
}

const LEAST_MS = 500;
const MOST_MS = 4000;

/** Each shape once before any comes twice. */
export function drawPartitions(count: number, seed: number): readonly DrawnPartition[] {
  const random = createRandom(seed);
  let left: Shape[] = [];
  return Array.from({ length: count }, () => {
    if (left.length === 0) left = [...random.shuffle(SHAPES)];
    const shape = left.pop()!;
    const draws: Draws = [random.next(), random.next(), random.next()];
    return { shape, target: (roles) => targetOf(shape, draws, roles), times: timesOf(shape, random) };
  });
}

function timesOf(shape: Shape, random: Random): DrawnPartition['times'] {
  if (shape !== 'flapping') return [{ onMs: LEAST_MS + random.integer(MOST_MS - LEAST_MS), offMs: 0 }];
  // Two to three seconds in all, so that some of the times are shorter than a lease.
  return Array.from({ length: 4 + random.integer(3) }, () => ({
    onMs: 200 + random.integer(300),
    offMs: 50 + random.integer(250),
  }));
}

/** Three numbers of [0, 1) decide, drawn before anybody's role is known. */
type Draws = readonly [which: number, side: number, way: number];

function targetOf(shape: Shape, draws: Draws, roles: Roles): string {
  const { primary, replicas, clients } = roles;
  const [which, side, way] = draws;
  const members = [primary, ...replicas];
  const others = (group: readonly string[]) => [...members, ...clients].filter((name) => !group.includes(name));
  const parted = (group: readonly string[], sign: '|' | '>' = '|') =>
    `${group.join(',')}${sign}${others(group).join(',')}`;
  /** The primary as often as both replicas. */
  const member = which < 0.5 ? primary : pick(replicas, which * 2 - 1);
  switch (shape) {
    case 'primary-isolated':
      return parted([primary]);
    case 'replica-isolated':
      return parted([pick(replicas, which)]);
    case 'minority':
      return parted([member, pick(clients, side)]);
    case 'one-way-out':
      return parted([member], '>');
    case 'one-way-in':
      return parted(others([member]), '>');
    case 'partial':
      return `${member}|${pick(
        members.filter((name) => name !== member),
        side,
      )}`;
    case 'shattered':
      return members.join('|');
    case 'flapping':
      return targetOf(pick(STEADY, way), draws, roles);
  }
}

function pick<T>(list: readonly T[], at: number): T {
  return list[Math.floor(at * list.length)]!;
}
