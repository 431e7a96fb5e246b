/** `interface NAME`. */
import type { Block, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, fixed, integer, readFields, writeFields } from './field.ts';
import type { FrrConfig, InterfaceConfig } from './model.ts';
import { isPrefix } from './prefix.ts';

const f = fieldsOf<InterfaceConfig>();
const description: readonly Field<InterfaceConfig>[] = [f.text('description', 'description')];
const raInterval: Field<InterfaceConfig> = {
  key: 'raIntervalMs',
  ...fixed('ipv6 nd ra-interval'),
  read: (rest, no) => {
    if (no) return undefined;
    if (rest.length === 2 && rest[0] === 'msec') return integer(rest[1], 70, 1_800_000);
    const seconds = rest.length === 1 ? integer(rest[0], 1, 1800) : undefined;
    return seconds === undefined ? undefined : seconds * 1000;
  },
  write: (ms: number) => ({ text: ms % 1000 === 0 ? String(ms / 1000) : `msec ${ms}` }),
};
const others: readonly Field<InterfaceConfig>[] = [
  raInterval,
  f.integer('raLifetimeSeconds', 'ipv6 nd ra-lifetime', 0, 9000),
  f.flag('sendRouterAdvertisements', 'ipv6 nd suppress-ra', true),
  f.flag('shutdown', 'shutdown'),
];

/** Opens the block of an interface, a new one or the one of that name. */
export function interfaceBlock(config: Draft<FrrConfig>, name: string): Block {
  config.interfaces ??= [];
  let index = config.interfaces.findIndex((candidate) => candidate.name === name);
  if (index === -1) index = config.interfaces.push({ name }) - 1;
  const target = config.interfaces[index]!;
  const path = `interfaces/${index}`;
  return {
    opener: `interface ${name}`,
    path,
    read({ words, no, mark }) {
      if (words[1] === 'address' && words.length === 3 && !no) {
        const family = words[0] === 'ip' ? 'ipv4' : words[0] === 'ipv6' ? 'ipv6' : undefined;
        if (family !== undefined && isPrefix(words[2]!, family)) {
          target[family] ??= [];
          mark(`${path}/${family}/${target[family].length}`);
          target[family].push(words[2]!);
          return true;
        }
      }
      const key = readFields(description, target, words, no) ?? readFields(others, target, words, no);
      if (key !== undefined) mark(`${path}/${key}`);
      return key !== undefined;
    },
  };
}

export function writeInterfaces(config: FrrConfig): Written[] {
  return (config.interfaces ?? []).map((source, index) => {
    const path = `interfaces/${index}`;
    return {
      path,
      text: `interface ${source.name}`,
      lines: [
        ...writeFields(description, source, path),
        ...(source.ipv4 ?? []).map((text, i) => ({ path: `${path}/ipv4/${i}`, text: `ip address ${text}` })),
        ...(source.ipv6 ?? []).map((text, i) => ({ path: `${path}/ipv6/${i}`, text: `ipv6 address ${text}` })),
        ...writeFields(others, source, path),
      ],
    };
  });
}
