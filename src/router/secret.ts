/** Passwords, keys and communities: named by where they lie, so that they get into no topology, no argument list, no record and no message. */
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../errors.ts';

/** A file that only its owner may read, or an environment variable. */
export type Secret = { readonly file: string } | { readonly env: string };

/** Bits of a file's mode that let others than its owner in. */
const OTHERS = 0o077;

/**
 * Reads a secret, without the line ends behind it. Its value is in no message.
 * @param what for messages, such as `password of r1`
 * @throws InputError where it is not there, is empty, or lies in a file that others may read
 */
export function readSecret(secret: Secret, what: string): string {
  const [place, value] = 'env' in secret ? fromEnvironment(secret.env, what) : fromFile(secret.file, what);
  const trimmed = value.replace(/[\r\n]+$/, '');
  if (trimmed === '') throw new InputError(`${what}: ${place} is empty`);
  return trimmed;
}

function fromEnvironment(name: string, what: string): readonly [string, string] {
  const value = process.env[name];
  if (value === undefined) throw new InputError(`${what}: the environment has no ${name}`);
  return [`environment variable ${name}`, value];
}

function fromFile(file: string, what: string): readonly [string, string] {
  try {
    const mode = statSync(file).mode & OTHERS;
    if (mode !== 0) throw new InputError(`${what}: others than its owner may read or write ${file}: chmod 600 ${file}`);
    return [file, readFileSync(file, 'utf8')];
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${what}: cannot read ${file}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
