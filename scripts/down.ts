#!/usr/bin/env -S npx zx
// Takes labs down, whatever state they are in: node scripts/down.ts LAB ...
import { argv, echo } from 'zx';
import { destroy } from '../src/index.ts';

if (argv._.length === 0) throw new Error('name the labs to take down, as `npx leafstorm inspect` lists them');
for (const name of argv._) {
  await destroy(name, { cleanup: true });
  echo(`${name}: gone`);
}
