/** The C library, loaded once. */
import koffi from 'koffi';

export const libc = koffi.load('libc.so.6');

/** The error of a system call that returned below zero, as Node itself would name it. */
export function systemError(call: string, subject = ''): NodeJS.ErrnoException {
  const errno = koffi.errno();
  const code = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;
  const error: NodeJS.ErrnoException = new Error(`${call}${subject && ` ${subject}`}: ${code}`);
  error.code = code;
  error.errno = errno;
  error.syscall = call;
  return error;
}
