/** umount2(2). */
import { libc, systemError } from './libc.ts';

const umount2: (path: string, flags: number) => number = libc.func('int umount2(const char *path, int flags)');
const MNT_DETACH = 2;

/** Detaches a mount at once, whoever uses it. @returns false where nothing is mounted there @throws Error otherwise */
export function detachMount(path: string): boolean {
  if (umount2(path, MNT_DETACH) === 0) return true;
  const error = systemError('umount2', path);
  if (error.code === 'EINVAL' || error.code === 'ENOENT') return false;
  throw error;
}
