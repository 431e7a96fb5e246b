/** The host's system users and groups, which nodes share: files of the host's packages belong to them. */
import { readFileSync } from 'node:fs';
import { MissingError } from '../../errors.ts';

const FIRST_REAL_USER = 1000;
const NOBODY = 65534;

/** @throws MissingError where the host has no such user */
export function systemUser(name: string): { readonly uid: number; readonly gid: number } {
  const fields = lines('/etc/passwd')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  if (fields === undefined) throw new MissingError(`this host has no user ${name}: install the package ${name}`);
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** `/etc/passwd` and `/etc/group` of a node: those of the host without its people. */
export function systemAccounts(): { readonly passwd: string; readonly group: string } {
  const isSystem = (line: string) => {
    const id = Number(line.split(':')[2]);
    return id < FIRST_REAL_USER || id === NOBODY;
  };
  return {
    passwd: `${lines('/etc/passwd').filter(isSystem).join('\n')}\n`,
    group: `${lines('/etc/group').filter(isSystem).join('\n')}\n`,
  };
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(':'));
}
