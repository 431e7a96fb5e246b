/** A node's root: the host's packages without the host's state, people and keys. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemAccounts } from './system-users.ts';

/** Small public files of `/etc` that programs of the host's packages read. */
const COPIED = ['ld.so.cache', 'services', 'protocols', 'rpc', 'mke2fs.conf'];
/** Public folders of `/etc`, bound read-only where the host has them. */
export const BOUND_ETC = [
  'alternatives',
  'iproute2',
  'ssl/certs',
  'java-11-openjdk',
  'java-17-openjdk',
  'java-21-openjdk',
];

const FOLDERS = [
  'dev',
  'proc',
  'sys',
  'usr',
  'home',
  'mnt',
  'opt',
  'root',
  'srv',
  'etc',
  'run/lock',
  'tmp',
  'var/cache',
];
const VAR_FOLDERS = ['var/lib', 'var/log', 'var/spool', 'var/tmp'];
const LINKS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];
/** What a machine loses with its power. */
const VOLATILE = ['run', 'tmp'];

/** Builds the root of a node in an empty folder. */
export function buildRoot(root: string, hostname: string): void {
  for (const folder of [...FOLDERS, ...VAR_FOLDERS]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ['tmp', 'var/tmp']) chmodSync(join(root, folder), 0o1777);
  chmodSync(join(root, 'root'), 0o700);
  for (const link of LINKS) if (existsSync(`/usr/${link}`)) symlinkSync(`usr/${link}`, join(root, link));
  symlinkSync('/run', join(root, 'var/run'));
  symlinkSync('/run/lock', join(root, 'var/lock'));
  symlinkSync('/proc/mounts', join(root, 'etc/mtab'));
  for (const file of COPIED) if (existsSync(`/etc/${file}`)) copyFileSync(`/etc/${file}`, join(root, 'etc', file));
  const { passwd, group } = systemAccounts();
  const files: Readonly<Record<string, string>> = {
    passwd,
    group,
    hostname: `${hostname}\n`,
    hosts: `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t${hostname}\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
    'resolv.conf': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'etc', name), text);
}

/** Empties what a machine loses with its power; the recipe fills it again. */
export function emptyVolatile(root: string): void {
  for (const folder of VOLATILE) rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, 'run/lock'), { recursive: true });
  mkdirSync(join(root, 'tmp'));
  chmodSync(join(root, 'tmp'), 0o1777);
}
