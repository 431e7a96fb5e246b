/** `ip route` and `ipv6 route`. */
import type { Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { integer } from './field.ts';
import type { FrrConfig, StaticRoute } from './model.ts';
import { familyOf, familyOfKeyword, isPrefix, keyword } from './prefix.ts';

const sinks: readonly string[] = ['blackhole', 'reject', 'Null0'];

export function readStaticRoute(config: Draft<FrrConfig>, { words, no, mark }: Statement): boolean {
  const family = familyOfKeyword(words[0]);
  const prefix = words[2];
  if (no || family === undefined || words[1] !== 'route' || prefix === undefined || !isPrefix(prefix, family)) {
    return false;
  }
  const route: Draft<StaticRoute> = { prefix };
  const rest = words.slice(3);
  const last = rest.length > 1 ? integer(rest.at(-1), 1, 255) : undefined;
  if (last !== undefined) {
    route.distance = last;
    rest.pop();
  }
  if (!readTarget(route, rest, family)) return false;
  config.staticRoutes ??= [];
  mark(`staticRoutes/${config.staticRoutes.length}`);
  config.staticRoutes.push(route);
  return true;
}

function readTarget(route: Draft<StaticRoute>, rest: string[], family: 'ipv4' | 'ipv6'): boolean {
  const [first, second] = rest;
  if (first === undefined || rest.length > 2) return false;
  if (familyOf(first) === family) {
    route.via = first;
    if (second !== undefined) route.interface = second;
    return second === undefined || isInterfaceName(second);
  }
  if (second !== undefined) return false;
  if (sinks.includes(first)) {
    route.blackhole = first as NonNullable<StaticRoute['blackhole']>;
    return true;
  }
  route.interface = first;
  return isInterfaceName(first);
}

/** Words after which an option's value follows, which the model does not have: such a route is not taken for one through an interface. */
const options: readonly string[] = [
  'tag',
  'vrf',
  'nexthop-vrf',
  'table',
  'label',
  'segments',
  'color',
  'bfd',
  'onlink',
];

/** Linux allows 15 octets; what looks like an option or an address is no name. */
function isInterfaceName(word: string): boolean {
  return !options.includes(word) && word.length <= 15 && familyOf(word) === undefined && !/^\d+$|\//.test(word);
}

export function writeStaticRoutes(config: FrrConfig): Written[] {
  return (config.staticRoutes ?? []).map((route, i) => {
    const family = route.prefix.includes(':') ? 'ipv6' : 'ipv4';
    const words = [keyword(family), 'route', route.prefix, route.via, route.interface, route.blackhole, route.distance];
    return {
      path: `staticRoutes/${i}`,
      text: words.filter((word) => word !== undefined).join(' '),
      group: 'static',
    };
  });
}
