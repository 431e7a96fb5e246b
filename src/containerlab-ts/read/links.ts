/** Links, brief (`endpoints: ["a:eth1", "b:eth1"]`) and extended (with a type). */
import { nearest, quoted, SPECIAL_NODES } from '../names.ts';
import type { Setting, TopologyEndpoint, TopologyLink } from '../topology.ts';
import { BRIEF_LINK_KEYS, ENDPOINT_KEYS, type Keys, LINK_TYPES, NEEDED_LINK_KEYS } from './keys.ts';
import type { Report } from './report.ts';
import { type Fields, fields, numberOf, textOf } from './shape.ts';
import { isNull, type MapValue, nameOf, plain, type Value } from './value.ts';

/** Bytes; what containerlab gives a link that says nothing. */
export const DEFAULT_LINK_MTU = 9500;

/** A link as read, with the places of its ends. */
export interface PlacedLink {
  readonly link: TopologyLink;
  readonly ends: readonly [End, End];
}

/** A link's end with its place. */
export interface End extends TopologyEndpoint {
  readonly offset: number;
}

const BRIEF = 'Write endpoints: ["a:eth1", "b:eth1"].';

/** All links that can be read; whether their ends are possible is for `checkEnds`. */
export function readLinks(value: Value | undefined, report: Report): readonly PlacedLink[] {
  const links = value?.kind === 'list' ? value.items.map((item) => readLink(item, report)) : [];
  return links.filter((link) => link !== undefined);
}

function readLink(item: Value, report: Report): PlacedLink | undefined {
  if (item.kind !== 'map') {
    report.add(item.at, `a link must be a map, and is ${nameOf(item)}`, BRIEF);
    return undefined;
  }
  const typed = item.entries.get('type');
  const type = typed === undefined ? '' : typed.value.kind === 'scalar' ? typed.value.text : nameOf(typed.value);
  const keys = typed === undefined ? BRIEF_LINK_KEYS : LINK_TYPES.get(type);
  if (keys === undefined) {
    const meant = nearest(type, LINK_TYPES.keys());
    report.add(
      typed!.value.at,
      `containerlab knows no link type ${quoted(type)}`,
      meant === undefined ? `Known: ${[...LINK_TYPES.keys()].join(', ')}.` : `Did you mean "${meant}"?`,
    );
    return undefined;
  }
  const of = fields(item, keys, 'a link', report);
  const ends = typed === undefined ? briefEnds(of, item, report) : extendedEnds(of, type, keys, item, report);
  if (ends === undefined) return undefined;
  const other = settings(of, ['type', 'endpoints', 'endpoint', 'host-interface', 'mtu'], report);
  const link = Object.freeze({
    type: typed === undefined ? briefType(ends) : type,
    a: withoutOffset(ends[0]),
    z: withoutOffset(ends[1]),
    mtu: mtuOf(of, report),
    at: report.position(item.at),
    ...(other.length > 0 ? { other } : {}),
  });
  return { link, ends };
}

/** A brief link takes its type from the special name at one of its ends. */
function briefType(ends: readonly End[]): string {
  return ends.find((end) => SPECIAL_NODES.has(end.node))?.node ?? 'veth';
}

/** Whether nothing was written for a key; what was written and is wrong has been reported. */
function lacks(link: MapValue, key: string): boolean {
  const entry = link.entries.get(key);
  return entry === undefined || isNull(entry.value);
}

function briefEnds(of: Fields, link: MapValue, report: Report): readonly [End, End] | undefined {
  const endpoints = of.get('endpoints');
  if (endpoints?.value.kind !== 'list') {
    if (lacks(link, 'endpoints')) report.add(link.at, 'a link has no endpoints', BRIEF);
    return undefined;
  }
  const { items } = endpoints.value;
  if (items.length !== 2) {
    report.add(endpoints.keyAt, `a link has two endpoints, and this one has ${items.length}`, BRIEF);
    return undefined;
  }
  const [a, z] = items.map((item) => briefEnd(item, report));
  if (a === undefined || z === undefined) return undefined;
  // A special name stands at the far end, whatever the order in the file.
  return SPECIAL_NODES.has(a.node) && !SPECIAL_NODES.has(z.node) ? [z, a] : [a, z];
}

function briefEnd(item: Value, report: Report): End | undefined {
  if (item.kind !== 'scalar') {
    report.add(
      item.at,
      `an endpoint must be a text "node:interface", and is ${nameOf(item)}`,
      item.kind === 'map' ? 'Add "type: veth" to the link.' : BRIEF,
    );
    return undefined;
  }
  const colon = item.text.indexOf(':');
  if (colon < 0) {
    report.add(
      item.at,
      `the endpoint ${quoted(item.text)} names no interface`,
      'Write "node:interface", such as "r1:eth1".',
    );
    return undefined;
  }
  return { node: item.text.slice(0, colon), interface: item.text.slice(colon + 1), mac: '', offset: item.at };
}

function extendedEnds(
  of: Fields,
  type: string,
  keys: Keys,
  link: MapValue,
  report: Report,
): readonly [End, End] | undefined {
  const missing = (NEEDED_LINK_KEYS[type] ?? []).filter((key) => lacks(link, key)).map((key) => `"${key}"`);
  if (missing.length > 0)
    report.add(link.at, `a link of type ${type} needs ${missing.join(', ')}`, 'Add what is missing.');
  if (Object.hasOwn(keys, 'endpoints')) return twoEnds(of, type, link, report);
  const endpoint = of.get('endpoint')?.value;
  if (lacks(link, 'endpoint')) {
    report.add(link.at, `a link of type ${type} needs an endpoint`, 'Write "endpoint: {node: a, interface: eth1}".');
  }
  const near = endpoint && extendedEnd(endpoint, report);
  if (near === undefined) return undefined;
  const node = SPECIAL_NODES.has(type) ? type : '';
  const offset = of.get('host-interface')?.value.at ?? link.at;
  return [near, { node, interface: textOf(of, 'host-interface'), mac: '', offset }];
}

function twoEnds(of: Fields, type: string, link: MapValue, report: Report): readonly [End, End] | undefined {
  const entry = of.get('endpoints');
  const items = entry?.value.kind === 'list' ? entry.value.items : [];
  if (items.length === 2) {
    const [a, z] = items.map((item) => extendedEnd(item, report));
    return a && z && [a, z];
  }
  if (entry !== undefined || lacks(link, 'endpoints')) {
    const remedy = 'Write "endpoints:" and below it two "- {node: a, interface: eth1}" lines.';
    report.add(entry?.keyAt ?? link.at, `a link of type ${type} needs two endpoints`, remedy);
  }
  return undefined;
}

function extendedEnd(item: Value, report: Report): End | undefined {
  const of = fields(item, ENDPOINT_KEYS, 'an endpoint', report);
  const missing = ['node', 'interface'].filter((key) => !of.has(key));
  if (missing.length > 0) {
    if (item.kind === 'map')
      report.add(item.at, `an endpoint needs "${missing.join('" and "')}"`, 'Write {node: a, interface: eth1}.');
    else if (item.kind === 'scalar' && item.value === null)
      report.add(item.at, 'an endpoint is empty', 'Write {node: a, interface: eth1}.');
    return undefined;
  }
  const other = settings(of, ['node', 'interface', 'mac'], report);
  return {
    node: textOf(of, 'node'),
    interface: textOf(of, 'interface'),
    mac: macOf(of, report),
    ...(other.length > 0 ? { other } : {}),
    offset: item.at,
  };
}

/** A unicast address; the lowest bit of its first byte is clear (IEEE 802). */
function macOf(of: Fields, report: Report): string {
  const mac = textOf(of, 'mac').toLowerCase().replaceAll('-', ':');
  if (mac !== '' && !/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(mac)) {
    report.add(
      of.get('mac')!.value.at,
      `${quoted(textOf(of, 'mac'))} is not the MAC address of an interface`,
      'Write six bytes such as aa:c1:ab:00:00:01; the first must be even.',
    );
  }
  return mac;
}

/** 68 bytes is the least that IPv4 allows (RFC 791). */
function mtuOf(of: Fields, report: Report): number {
  const mtu = numberOf(of, 'mtu') ?? DEFAULT_LINK_MTU;
  if (!Number.isInteger(mtu) || mtu < 68 || mtu > 65_535)
    report.add(of.get('mtu')!.value.at, `an MTU of ${mtu} is not possible`, 'Write bytes between 68 and 65535.');
  return mtu;
}

function settings(of: Fields, modelled: readonly string[], report: Report): readonly Setting[] {
  const others = [...of.values()].filter((entry) => !modelled.includes(entry.key));
  return Object.freeze(
    others.map((entry) =>
      Object.freeze({ key: entry.key, value: plain(entry.value), at: report.position(entry.keyAt) }),
    ),
  );
}

function withoutOffset({ offset: _, ...end }: End): TopologyEndpoint {
  return Object.freeze(end);
}
