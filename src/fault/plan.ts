/** Which fault strikes what: drawn from the seed, so that the same seed gives the same plan. */
import { InputError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { FaultKind } from './fault.ts';
import { faultKind } from './index.ts';
import { partitionOf } from './partition-groups.ts';

/**
 * One step of a lab's fault plan. `target` is a name (`leaf-1`, `rack-2`, `spine-1:eth1--leaf-1:eth1`), a role
 * (`spine`, `leaf`, `server`; for links `spine-leaf`, `leaf-server`; for power `feed`, `ups`, `pdu`, `outlet`, `rack`, `row`, `zone`, `pod`), `any`, or `leader:<store>`, which is known only when its time comes.
 * A partition's is written out (`server-1-1|server-2-1,server-3-1`); `leader:<store>` may stand for a name there,
 * and `*` for every server that is not named.
 */
export interface FaultStep {
  readonly kind: string;
  readonly target: string;
  /** Milliseconds for which the fault stays in force at least; default: until what it predicts has been seen. */
  readonly lastsMs?: number;
}

export interface PlannedFault {
  readonly kind: FaultKind;
  /** A name, or `leader:<store>`. */
  readonly target: string;
  readonly lastsMs?: number;
}

/** What there is to choose from. Roles may be empty strings where a topology does not say. */
export interface TargetChoices {
  readonly nodes: readonly { readonly name: string; readonly role: string; readonly disk?: boolean }[];
  readonly links: readonly { readonly name: string; readonly roles: readonly [string, string] }[];
  readonly racks: readonly string[];
  /** Elements and places of the power tree; the role is the kind. */
  readonly power?: readonly { readonly name: string; readonly role: string }[];
  readonly stores: readonly string[];
}

/** The store whose leader a target stands for, alone or in a partition (`leader:etcd`, `leader:etcd|*`); undefined where there is none. */
export function storeOf(target: string): string | undefined {
  return /leader:([a-z]+)/.exec(target)?.[1];
}

/** Steps of a plan that strike a store need one; where the lab has none (no servers), they fall to what is drawn from the rest. @throws InputError naming the step and what there is to choose from */
export function planFaults(
  steps: readonly FaultStep[],
  choices: TargetChoices,
  random: Random,
): readonly PlannedFault[] {
  const drawn = new Map<string, string[]>();
  return Object.freeze(
    steps.map((step) => {
      const kind = faultKind(step.kind);
      const target = resolve(kind, step, choices, random, drawn);
      return Object.freeze({ kind, target, ...(step.lastsMs === undefined ? {} : { lastsMs: step.lastsMs }) });
    }),
  );
}

function resolve(
  kind: FaultKind,
  step: FaultStep,
  choices: TargetChoices,
  random: Random,
  drawn: Map<string, string[]>,
): string {
  if (kind.targets === 'nodes') return partitionTarget(step, choices, random, drawn);
  if (step.target.startsWith('leader:')) {
    if (choices.stores.includes(step.target.slice('leader:'.length))) return step.target;
    return draw('any', candidates(kind, 'any', choices), random, drawn, step);
  }
  const named = allNames(kind, choices);
  if (named.includes(step.target)) return step.target;
  return draw(
    `${kind.targets} ${step.target}${kind.needsDisk ? ' with a disk' : ''}`,
    candidates(kind, step.target, choices),
    random,
    drawn,
    step,
  );
}

/** As it is written: only whether it says something about this lab is looked at. Without the store that it strikes it parts two nodes. */
function partitionTarget(
  step: FaultStep,
  { nodes, stores }: TargetChoices,
  random: Random,
  drawn: Map<string, string[]>,
): string {
  const { target } = step;
  const names = nodes.map(({ name }) => name);
  const store = storeOf(target);
  if (store !== undefined && !stores.includes(store)) {
    const [one, other] = [1, 2].map(() => draw('node to part', names, random, drawn, step));
    return `${one}|${other}`;
  }
  const servers = nodes.filter(({ role }) => role === 'server').map(({ name }) => name);
  const leaders = stores.map((store) => `leader:${store}`);
  partitionOf(target, { nodes: [...names, ...leaders], servers });
  return target;
}

/** Each of a group once before any comes twice: a plan that strikes two spines' links should not strike one twice. */
function draw(
  group: string,
  names: readonly string[],
  random: Random,
  drawn: Map<string, string[]>,
  step: FaultStep,
): string {
  if (names.length === 0) {
    throw new InputError(
      `fault ${step.kind}: nothing in this lab is a '${step.target}'; name a target, or a role that the topology has`,
    );
  }
  const left = drawn.get(group) ?? [];
  if (left.length === 0) left.push(...random.shuffle(names));
  drawn.set(group, left);
  return left.pop() as string;
}

function candidates(
  kind: FaultKind,
  wanted: string,
  { nodes, links, racks, power = [] }: TargetChoices,
): readonly string[] {
  switch (kind.targets) {
    case 'node':
      return nodes
        .filter(({ role, disk }) => (wanted === 'any' || role === wanted) && (disk || !kind.needsDisk))
        .map(({ name }) => name);
    case 'link': {
      const pair = wanted.split('-').sort().join('-');
      return links
        .filter(({ roles }) => wanted === 'any' || [...roles].sort().join('-') === pair)
        .map(({ name }) => name);
    }
    case 'rack':
      return wanted === 'any' ? racks : [];
    case 'power':
      // Most elements are outlets: who wants one says so.
      return power
        .filter(({ role }) => (wanted === 'any' ? role !== 'outlet' : role === wanted))
        .map(({ name }) => name);
    case 'nodes':
    case 'lab':
      return [];
  }
}

function allNames(kind: FaultKind, { nodes, links, racks, power = [] }: TargetChoices): readonly string[] {
  switch (kind.targets) {
    case 'node':
      return nodes.map(({ name }) => name);
    case 'link':
      return links.map(({ name }) => name);
    case 'rack':
      return racks;
    case 'power':
      return power.map(({ name }) => name);
    case 'nodes':
    case 'lab':
      return [];
  }
}
