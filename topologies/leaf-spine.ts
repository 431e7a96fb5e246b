/** One POD of leaves and spines after RFC 7938. */
import { InputError } from '../src/errors.ts';
import { designProblems } from '../src/fabric/design-problems.ts';
import type { DesignTimers, LeafSpineDesign, PowerDesign } from '../src/fabric/fabric.ts';
import { deepFreeze } from '../src/fabric/freeze.ts';
import { DEFAULT_POWER } from '../src/fabric/power-tree.ts';
import { bfdFor, sizeOf, timersFor } from '../src/fabric/timers.ts';

/** Parameters of `leafSpine`; all of them may be left out. Units and limits: `LeafSpineDesign`. */
export interface LeafSpineParameters {
  readonly name?: string;
  readonly spines?: number;
  readonly racks?: number;
  readonly servers?: number;
  readonly asn?: Partial<LeafSpineDesign['asn']>;
  readonly pools?: Partial<LeafSpineDesign['pools']>;
  /** `false` for sessions without BFD, `true` for BFD in any case. Left out, it follows the fabric's size. */
  readonly bfd?: Partial<NonNullable<LeafSpineDesign['bfd']>> | boolean;
  /** What is left out follows the fabric's size. */
  readonly timers?: Partial<DesignTimers>;
  readonly mtu?: number;
  /** Default: two feeds, three zones, rows of four racks, two supplies in every device. */
  readonly power?: Partial<Omit<PowerDesign, 'supplies'>> & { readonly supplies?: Partial<PowerDesign['supplies']> };
  readonly serverDiskBytes?: number;
  readonly serverDiskKind?: LeafSpineDesign['serverDiskKind'];
}

const DEFAULTS = deepFreeze({
  name: 'pod',
  spines: 2,
  racks: 4,
  servers: 1,
  asn: { spine: 4200000000, leaf: 4200001000, server: 4200100000 },
  pools: {
    loopback4: '10.255.0.0/20',
    loopback6: 'fd1e:af00::/64',
    rack4: '10.64.0.0/14',
    rack6: 'fd1e:af00:1::/48',
    service4: '10.96.0.0/16',
    service6: 'fd1e:af00:2::/64',
  },
  bfd: { intervalMs: 100, multiplier: 3 },
  mtu: 9500,
  serverDiskBytes: 0,
  power: DEFAULT_POWER,
});

/**
 * The design of one POD: every leaf wired to every spine, one leaf and `servers` servers a rack.
 * Spines share an ASN; the leaf of rack R has `asn.leaf + R`; servers have `asn.server + 1` and on.
 *
 * @example leafSpine({ spines: 4, racks: 8, servers: 2 })
 * @throws InputError with all that is wrong with the parameters
 */
export function leafSpine(parameters: LeafSpineParameters = {}): LeafSpineDesign {
  const { spines, racks, servers, name, mtu, serverDiskBytes } = { ...DEFAULTS, ...given(parameters) };
  // Sizes that are no numbers are among the problems; until these are thrown, anything may stand in for them.
  const size = sizeOf({ spines: Number(spines) || 0, racks: Number(racks) || 0, servers: Number(servers) || 0 });
  const bfd = parameters.bfd === false ? undefined : bfdOf(parameters.bfd, bfdFor(size));
  const design: LeafSpineDesign = {
    kind: 'leaf-spine',
    name,
    spines,
    racks,
    servers,
    asn: { ...DEFAULTS.asn, ...given(parameters.asn) },
    pools: { ...DEFAULTS.pools, ...given(parameters.pools) },
    ...(bfd && { bfd }),
    timers: { ...timersFor(size), ...given(parameters.timers) },
    mtu,
    serverDiskBytes,
    ...(parameters.serverDiskKind !== undefined && { serverDiskKind: parameters.serverDiskKind }),
    power: {
      ...DEFAULT_POWER,
      ...given(parameters.power),
      supplies: { ...DEFAULT_POWER.supplies, ...given(parameters.power?.supplies) },
    },
  };
  const problems = [...shapeProblems(parameters), ...designProblems(design)];
  if (problems.length > 0) throw new InputError(problems.map((problem) => `leaf-spine: ${problem}`));
  return deepFreeze(design);
}

/** BFD that somebody asks for is on, however big the fabric is. */
function bfdOf(asked: LeafSpineParameters['bfd'], bySize: LeafSpineDesign['bfd']): LeafSpineDesign['bfd'] {
  return asked ? { ...(bySize ?? DEFAULTS.bfd), ...(asked === true ? {} : given(asked)) } : bySize;
}

/** Parameters come from files and command lines too, where no compiler has seen them. */
function shapeProblems(parameters: LeafSpineParameters): string[] {
  const nested = {
    asn: Object.keys(DEFAULTS.asn),
    pools: Object.keys(DEFAULTS.pools),
    bfd: Object.keys(DEFAULTS.bfd),
    timers: Object.keys(timersFor({ routers: 1, links: 1 })),
    power: Object.keys(DEFAULT_POWER),
  };
  const problems = unknownNames(parameters, [...Object.keys(DEFAULTS), 'timers', 'serverDiskKind'], '');
  for (const [name, known] of Object.entries(nested)) {
    const value: unknown = parameters[name as keyof typeof nested];
    if (value === undefined || (name === 'bfd' && typeof value === 'boolean')) continue;
    if (typeof value === 'object' && value !== null) problems.push(...unknownNames(value, known, `${name}.`));
    else
      problems.push(
        `${name}: ${JSON.stringify(value)} must be an object with ${known.join(', ')}${name === 'bfd' ? ', or a boolean' : ''}`,
      );
  }
  const supplies: unknown = parameters.power?.supplies;
  if (supplies !== undefined) {
    const known = Object.keys(DEFAULT_POWER.supplies);
    if (typeof supplies === 'object' && supplies !== null)
      problems.push(...unknownNames(supplies, known, 'power.supplies.'));
    else problems.push(`power.supplies: ${JSON.stringify(supplies)} must be an object with ${known.join(', ')}`);
  }
  return problems;
}

function unknownNames(value: object, known: readonly string[], path: string): string[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `${path}${name}: no such parameter; there are ${known.map((each) => path + each).join(', ')}`);
}

/** Without the fields that are undefined, which would hide a default. */
function given<T extends object>(value: T | undefined): { [K in keyof T]?: NonNullable<T[K]> } {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
