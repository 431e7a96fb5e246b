/** `router bgp ASN [vrf NAME]`. */
import { addressFamilyBlock, readInFamily, writeFamilies } from './address-family.ts';
import type { Block, Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, integer, readFields, writeFields } from './field.ts';
import type { BestpathConfig, BgpConfig, FrrConfig } from './model.ts';
import { readNeighbor, writePeers } from './neighbor.ts';
import { familyOf } from './prefix.ts';

const f = fieldsOf<BgpConfig>();
/** In the order in which FRR prints them; `bgp bestpath` stands between the two lists. */
const before: readonly Field<BgpConfig>[] = [
  f.flag('fastExternalFailover', 'bgp fast-external-failover'),
  f.word('routerId', 'bgp router-id', (word) => familyOf(word) === 'ipv4'),
  f.flag('suppressFibPending', 'bgp suppress-fib-pending'),
  f.flag('logNeighborChanges', 'bgp log-neighbor-changes'),
  f.flag('ebgpRequiresPolicy', 'bgp ebgp-requires-policy'),
  f.flag('hardAdministrativeReset', 'bgp hard-administrative-reset'),
  f.flag('suppressDuplicates', 'bgp suppress-duplicates'),
  f.flag('defaultIpv4Unicast', 'bgp default ipv4-unicast'),
  f.flag('deterministicMed', 'bgp deterministic-med'),
  f.integer('coalesceTime', 'coalesce-time', 0, 4_294_967_295),
  f.flag('gracefulRestartNotification', 'bgp graceful-restart notification'),
];
const after: readonly Field<BgpConfig>[] = [
  f.flag('networkImportCheck', 'bgp network import-check'),
  f.timers('timers', 'timers bgp'),
];

const b = fieldsOf<BestpathConfig>();
const bestpath: readonly Field<BestpathConfig>[] = [
  b.flag('asPathMultipathRelax', 'bgp bestpath as-path multipath-relax'),
  b.flag('compareRouterId', 'bgp bestpath compare-routerid'),
];

/** Opens the block of a BGP instance, or undefined where the statement is no such opener. */
export function bgpBlock(config: Draft<FrrConfig>, { words, no }: Statement): Block | undefined {
  const asn = integer(words[2], 1, 4_294_967_295);
  if (no || words[0] !== 'router' || words[1] !== 'bgp' || asn === undefined) return undefined;
  if (words.length !== 3 && (words.length !== 5 || words[3] !== 'vrf')) return undefined;
  const vrf = words[4];
  config.bgp ??= [];
  const instances = config.bgp;
  let index = instances.findIndex((other) => other.asn === asn && other.vrf === vrf);
  if (index === -1) index = instances.push(vrf === undefined ? { asn } : { asn, vrf }) - 1;
  const bgp = instances[index]!;
  const path = `bgp/${index}`;
  return {
    opener: opener(bgp),
    path,
    read(statement) {
      const family = openedFamily(statement);
      if (family !== undefined) return addressFamilyBlock(bgp, path, family);
      return (
        readInstance(bgp, path, statement) ||
        readNeighbor(bgp, path, statement) ||
        readInFamily(bgp, path, 'ipv4', statement)
      );
    },
  };
}

function opener(bgp: BgpConfig): string {
  return `router bgp ${bgp.asn}${bgp.vrf === undefined ? '' : ` vrf ${bgp.vrf}`}`;
}

function openedFamily({ words, no }: Statement): 'ipv4' | 'ipv6' | undefined {
  const [first, family, kind] = words;
  if (no || first !== 'address-family' || words.length > 3 || (kind !== undefined && kind !== 'unicast'))
    return undefined;
  return family === 'ipv4' || family === 'ipv6' ? family : undefined;
}

function readInstance(bgp: Draft<BgpConfig>, path: string, { words, no, mark }: Statement): boolean {
  const target = bgp.bestpath ?? {};
  const inner = readFields(bestpath, target, words, no);
  if (inner !== undefined) bgp.bestpath = target;
  const key =
    inner === undefined
      ? (readFields(before, bgp, words, no) ?? readFields(after, bgp, words, no))
      : `bestpath/${inner}`;
  if (key !== undefined) mark(`${path}/${key}`);
  return key !== undefined;
}

export function writeBgp(config: FrrConfig): Written[] {
  return (config.bgp ?? []).map((bgp, index) => {
    const path = `bgp/${index}`;
    return {
      path,
      text: opener(bgp),
      lines: [
        ...writeFields(before, bgp, path),
        ...(bgp.bestpath === undefined ? [] : writeFields(bestpath, bgp.bestpath, `${path}/bestpath`)),
        ...writeFields(after, bgp, path),
        ...writePeers(bgp, path),
        ...writeFamilies(bgp, path),
      ],
    };
  });
}
