/** Which host keys are a router's own: fingerprints, and lines as OpenSSH keeps them in `known_hosts` (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
import { createHash, createHmac } from 'node:crypto';
import { InputError } from '../errors.ts';

/** A key as the host shows it. */
export interface HostKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:...`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** The key in base64, as a line of `known_hosts` ends. */
  readonly base64: string;
}

export interface KnownKeys {
  /**
   * `known`: one of the host's. `changed`: the host has others. `unknown`: nothing is known of this host. `revoked`: marked as stolen
   * or withdrawn, for this host or any other pattern that covers it.
   */
  judge(key: HostKey): 'known' | 'changed' | 'unknown' | 'revoked';
  /** Signature algorithms (RFC 4253 section 6.6, RFC 8332) that show a known key; undefined where any may, because only fingerprints are known. */
  readonly algorithms: readonly string[] | undefined;
  /** How many keys of the host are known. */
  readonly count: number;
}

const DEFAULT_PORT = 22;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}=?$/;
const RSA = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];

/** Reads the public key that a host sends (RFC 4253 section 6.6: its type comes first). */
export function hostKeyOf(blob: Buffer): HostKey {
  const hash = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  const type = blob.length >= 4 ? blob.toString('latin1', 4, 4 + Math.min(blob.readUInt32BE(0), 64)) : '';
  return { type, fingerprint: `SHA256:${hash}`, base64: blob.toString('base64') };
}

/**
 * What is known of one host.
 * @param known fingerprints (`SHA256:...`, good for this host) and lines or whole texts of `known_hosts`; hashed names, patterns, ports and
 *   `@revoked` are understood, `@cert-authority` lines are passed over
 * @throws InputError naming the line that is neither
 */
export function knownKeys(known: readonly string[], host: string, port: number): KnownKeys {
  const fingerprints = new Set<string>();
  const keys = new Map<string, string>();
  const revoked = new Set<string>();
  for (const line of known.flatMap((text) => text.split('\n')).map((text) => text.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (FINGERPRINT.test(line)) {
      fingerprints.add(line.replace(/=$/, ''));
      continue;
    }
    const { marker, hosts, type, base64 } = readLine(line);
    if (marker === '@cert-authority' || !covers(hosts, host, port)) continue;
    if (marker === '@revoked') revoked.add(base64);
    else keys.set(base64, type);
  }
  const types = [...new Set(keys.values())];
  return {
    judge(key) {
      if (revoked.has(key.base64)) return 'revoked';
      if (keys.has(key.base64) || fingerprints.has(key.fingerprint)) return 'known';
      return keys.size + fingerprints.size > 0 ? 'changed' : 'unknown';
    },
    // A host with several keys has to show the one that is known, which it does where we ask for no other.
    algorithms:
      types.length === 0 || fingerprints.size > 0
        ? undefined
        : types.flatMap((type) => (type === 'ssh-rsa' ? RSA : [type])),
    count: keys.size + fingerprints.size,
  };
}

function readLine(line: string): { marker: string; hosts: string; type: string; base64: string } {
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? '') : '';
  const [hosts, type, base64] = words;
  if (hosts === undefined || type === undefined || base64 === undefined || !/^[A-Za-z0-9+/]+=*$/.test(base64)) {
    throw new InputError(`"${line.slice(0, 60)}" is neither a fingerprint (SHA256:...) nor a line of known_hosts`);
  }
  return { marker, hosts, type, base64 };
}

/** Whether the first field of a line means the host: comma-separated patterns, where a negated one that matches decides, or one hashed name. */
function covers(hosts: string, host: string, port: number): boolean {
  const name = port === DEFAULT_PORT ? host : `[${host}]:${port}`;
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? [];
  if (salt !== undefined) {
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64') === hash;
  }
  const patterns = hosts.toLowerCase().split(',');
  const matches = (pattern: string) => glob(pattern).test(name.toLowerCase());
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
