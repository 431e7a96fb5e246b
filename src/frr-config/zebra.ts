/** What stands at the top of a file: version, profile, host name, logging, forwarding, and zebra's own options. */
import type { Statement, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, readFields, writeFields } from './field.ts';
import type { FrrConfig, ZebraConfig } from './model.ts';

const file = fieldsOf<FrrConfig>();
const head: readonly Field<FrrConfig>[] = [
  file.text('version', 'frr version'),
  file.word('defaults', 'frr defaults', (word) => word === 'datacenter' || word === 'traditional'),
  file.word('hostname', 'hostname'),
];
const forwarding: readonly Field<FrrConfig>[] = [
  file.flag('ipForwarding', 'ip forwarding'),
  file.flag('ipv6Forwarding', 'ipv6 forwarding'),
];

const z = fieldsOf<ZebraConfig>();
const zebra: readonly Field<ZebraConfig>[] = [
  z.integer('nexthopGroupKeep', 'zebra nexthop-group keep', 1, 3600),
  z.flag('nexthopKernel', 'zebra nexthop kernel enable'),
];

export function readGlobal(config: Draft<FrrConfig>, { words, no, mark }: Statement): boolean {
  if (words[0] === 'log' && words.length > 1 && !no) {
    config.log ??= [];
    mark(`log/${config.log.length}`);
    config.log.push(words.slice(1).join(' '));
    return true;
  }
  if (words[0] === 'zebra') {
    const target = config.zebra ?? {};
    const key = readFields(zebra, target, words, no);
    if (key === undefined) return false;
    config.zebra = target;
    mark(`zebra/${key}`);
    return true;
  }
  const key = readFields(head, config, words, no) ?? readFields(forwarding, config, words, no);
  if (key !== undefined) mark(key);
  return key !== undefined;
}

/** The lines that every daemon understands. */
export function writeHead(config: FrrConfig): Written[] {
  const logs = (config.log ?? []).map((text, i) => ({ path: `log/${i}`, text: `log ${text}` }));
  return inGroup([...writeFields(head, config, ''), ...logs]);
}

export function writeZebra(config: FrrConfig): Written[] {
  return inGroup([
    ...writeFields(forwarding, config, ''),
    ...(config.zebra === undefined ? [] : writeFields(zebra, config.zebra, 'zebra')),
  ]);
}

function inGroup(lines: readonly Written[]): Written[] {
  return lines.map((line) => ({ ...line, path: line.path.replace(/^\//, ''), group: 'global' }));
}
