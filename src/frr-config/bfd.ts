/** `bfd` with its profiles. */
import type { Block, Written } from './block.ts';
import type { Draft } from './draft.ts';
import { type Field, fieldsOf, readFields, writeFields } from './field.ts';
import type { BfdProfile, FrrConfig } from './model.ts';

const f = fieldsOf<BfdProfile>();
const fields: readonly Field<BfdProfile>[] = [
  f.integer('detectMultiplier', 'detect-multiplier', 2, 255),
  f.integer('transmitInterval', 'transmit-interval', 10, 60000),
  f.integer('receiveInterval', 'receive-interval', 10, 60000),
  f.flag('shutdown', 'shutdown'),
];

export function bfdBlock(config: Draft<FrrConfig>): Block {
  return {
    opener: 'bfd',
    path: 'bfdProfiles',
    read({ words, no }) {
      return words[0] === 'profile' && words.length === 2 && !no ? profileBlock(config, words[1]!) : false;
    },
  };
}

function profileBlock(config: Draft<FrrConfig>, name: string): Block {
  config.bfdProfiles ??= [];
  const profiles = config.bfdProfiles;
  let index = profiles.findIndex((profile) => profile.name === name);
  if (index === -1) index = profiles.push({ name }) - 1;
  const profile = profiles[index]!;
  const path = `bfdProfiles/${index}`;
  return {
    opener: `profile ${name}`,
    path,
    read({ words, no, mark }) {
      const key = readFields(fields, profile, words, no);
      if (key !== undefined) mark(`${path}/${key}`);
      return key !== undefined;
    },
  };
}

export function writeBfd(config: FrrConfig): Written[] {
  const profiles = (config.bfdProfiles ?? []).map((profile, i) => ({
    path: `bfdProfiles/${i}`,
    text: `profile ${profile.name}`,
    lines: writeFields(fields, profile, `bfdProfiles/${i}`),
    bang: 'after' as const,
  }));
  return profiles.length === 0 ? [] : [{ path: 'bfdProfiles', text: 'bfd', lines: profiles }];
}
