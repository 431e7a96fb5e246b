/** A router's shell over SSH (RFC 4251 to 4254): hardware, and any node that runs sshd. */
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import type { ExecResult } from '../engine/engine.ts';
import { readSecret, type Secret } from './secret.ts';
import { shellLine } from './shell-quote.ts';
import { type HostKey, hostKeyOf, knownKeys } from './ssh-host-keys.ts';

export interface SshOptions {
  /** For messages. Default: the host. */
  readonly node?: string;
  /** Name or address; with `connect`, whatever that understands. */
  readonly host: string;
  /** Default 22. */
  readonly port?: number;
  readonly username: string;
  /** The host's keys: fingerprints (`SHA256:...`), or lines or the whole text of a `known_hosts`. */
  readonly hostKeys: readonly string[];
  /** Asked where nothing is known of this host: true trusts the key that it shows. Absent: refused. Never asked about a key that differs from a known one. */
  readonly trustUnknown?: (seen: HostKey) => boolean;
  readonly auth: SshAuth;
  /** Makes the TCP connection, such as one inside a namespace (`connectInNamespace`). Default: from where this process is. */
  readonly connect?: (host: string, port: number) => Socket;
  /** Milliseconds that connecting and logging in may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds between signs of life; after three without an answer the connection counts as dead. Default 5000. */
  readonly keepaliveMs?: number;
}

export type SshAuth =
  | { readonly privateKey: Secret; readonly passphrase?: Secret }
  /** Also answers a keyboard-interactive login (RFC 4256) that asks for one hidden word, as many switches have it. */
  | { readonly password: Secret };

/** One connection. Commands share it; an sshd takes ten at a time (`MaxSessions`). */
export interface Ssh {
  readonly node: string;
  /** The key that the host has shown. */
  readonly hostKey: HostKey;
  /**
   * Runs one argv in the user's POSIX shell, every word quoted; never rejects because of the exit status. A signal counts as 128 + its number.
   * @throws SshError where the time is up (default 30,000 ms; the program may go on there), or the connection is lost
   */
  exec(argv: readonly string[], options?: SshExecOptions): Promise<ExecResult>;
  /** As `exec`, with a line that is sent as it is: for routers whose login is no shell but a command line of their own. */
  command(line: string, options?: SshExecOptions): Promise<ExecResult>;
  close(): void;
}

export interface SshExecOptions {
  readonly timeoutMs?: number;
}

/** A router that cannot be reached over SSH, shows a wrong key, refuses the login, or does not answer. */
export class SshError extends Error {
  override readonly name = 'SshError';
  readonly node: string;
  constructor(node: string, what: string, options?: ErrorOptions) {
    super(`${node}: ssh: ${what}`, options);
    this.node = node;
  }
}

const DEFAULT_PORT = 22;
const CONNECT_MS = 10_000;
const KEEPALIVE_MS = 5000;
const KEEPALIVE_COUNT = 3;
const EXEC_MS = 30_000;

/**
 * Connects and logs in. The host's key is always checked before anything of ours is sent.
 * @throws InputError (a secret that is not there, an unreadable known host), SshError naming the node, the host and what it showed
 */
export async function openSsh(options: SshOptions): Promise<Ssh> {
  const { host, port = DEFAULT_PORT, username, timeoutMs = CONNECT_MS } = options;
  const node = options.node ?? host;
  const place = `${host}:${port}`;
  const known = knownKeys(options.hostKeys, host, port);
  const { config, answer } = credentials(options.auth, node);
  const { default: ssh2 } = await import('ssh2');
  const client = new ssh2.Client();
  let hostKey: HostKey | undefined;
  let refusal: SshError | undefined;
  const isTrusted = (blob: Buffer): boolean => {
    const seen = hostKeyOf(blob);
    hostKey = seen;
    const judged = known.judge(seen);
    if (judged === 'known' || (judged === 'unknown' && options.trustUnknown?.(seen) === true)) return true;
    refusal = new SshError(node, `${place} shows host key ${seen.fingerprint} (${seen.type}), ${WHY[judged]}`);
    return false;
  };
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error & { level?: string }) => {
      // A connection that breaks off may say so more than once.
      client.on('error', () => {});
      client.destroy();
      reject(refusal ?? new SshError(node, `${place}: ${explained(error, username, timeoutMs)}`, { cause: error }));
    };
    const closed = () => fail(new Error('closed the connection before the login was complete'));
    client.once('ready', () => {
      client.removeListener('error', fail);
      client.removeListener('close', closed);
      resolve();
    });
    client.once('error', fail);
    client.once('close', closed);
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => {
      // More than one question, or one whose answer is shown, is not about the password.
      const [prompt] = prompts;
      finish(answer !== undefined && prompts.length === 1 && prompt?.echo !== true ? [answer] : []);
    });
    try {
      client.connect({
        ...config,
        host,
        port,
        username,
        ...(options.connect ? { sock: options.connect(host, port) } : {}),
        ...(known.algorithms ? { algorithms: { serverHostKey: known.algorithms as never } } : {}),
        hostVerifier: isTrusted,
        readyTimeout: timeoutMs,
        keepaliveInterval: options.keepaliveMs ?? KEEPALIVE_MS,
        keepaliveCountMax: KEEPALIVE_COUNT,
      });
    } catch (error) {
      fail(error as Error);
    }
  });
  return connection(client, node, place, hostKey!);
}

const WHY: Readonly<Record<'changed' | 'unknown' | 'revoked' | 'known', string>> = {
  known: 'which is its own, but it was not trusted',
  changed: 'none of the keys known for it: another host answers there, or its keys were made anew',
  unknown: 'and no key of it is known: compare the fingerprint with the one on its console, then put it into hostKeys',
  revoked: 'which is marked as revoked',
};

function credentials(auth: SshAuth, node: string): { config: Partial<ConnectConfig>; answer?: string } {
  if ('password' in auth) {
    const password = readSecret(auth.password, `password of ${node}`);
    return { config: { password, tryKeyboard: true }, answer: password };
  }
  const privateKey = `${readSecret(auth.privateKey, `private key for ${node}`)}\n`;
  if (auth.passphrase === undefined) return { config: { privateKey } };
  return { config: { privateKey, passphrase: readSecret(auth.passphrase, `passphrase of the key for ${node}`) } };
}

function explained(error: Error & { level?: string }, username: string, timeoutMs: number): string {
  if (error.level === 'client-timeout') return `no login within ${timeoutMs} ms`;
  if (error.level === 'client-authentication') return `refuses the login of user ${username}`;
  return error.message;
}

function connection(client: Client, node: string, place: string, hostKey: HostKey): Ssh {
  const pending = new Set<(error: SshError) => void>();
  let lost: SshError | undefined;
  const lose = (why: string, cause?: Error) => {
    lost ??= new SshError(node, `${place}: ${why}`, cause && { cause });
    for (const reject of pending) reject(lost);
    pending.clear();
  };
  client.on('error', (error) => lose(`connection lost: ${error.message}`, error));
  client.on('close', () => lose('connection closed'));
  const command = async (line: string, { timeoutMs = EXEC_MS }: SshExecOptions = {}): Promise<ExecResult> => {
    if (lost) throw lost;
    return new Promise((resolve, reject) => {
      let channel: ClientChannel | undefined;
      const settle = () => {
        clearTimeout(timer);
        pending.delete(fail);
      };
      const fail = (error: SshError) => {
        settle();
        channel?.close();
        reject(error);
      };
      const timer = setTimeout(
        () => fail(new SshError(node, `${place}: no end of "${line}" within ${timeoutMs} ms`)),
        timeoutMs,
      );
      pending.add(fail);
      client.exec(line, (error, opened) => {
        if (error)
          return fail(new SshError(node, `${place}: cannot run "${line}": ${error.message}`, { cause: error }));
        channel = opened;
        if (!pending.has(fail)) return opened.close();
        collect(opened, (result) => {
          if (!pending.has(fail)) return;
          if (result === undefined) return fail(new SshError(node, `${place}: "${line}" ended without an exit status`));
          settle();
          resolve(result);
        });
      });
    });
  };
  return Object.freeze({
    node,
    hostKey,
    command,
    exec: async (argv, options) => command(shellLine(argv), options),
    close() {
      lose('the client is closed');
      client.end();
    },
  } satisfies Ssh);
}

/** Reads a command to its end (RFC 4254 section 6.10); undefined where neither status nor signal was told. */
function collect(channel: ClientChannel, done: (result: ExecResult | undefined) => void): void {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let code: number | undefined;
  channel.on('data', (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  channel.on('exit', (status: number | null, signal?: string) => {
    code = status ?? 128 + (constants.signals[`SIG${(signal ?? '').replace(/^SIG/, '')}` as NodeJS.Signals] ?? 0);
  });
  channel.on('close', () => {
    const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
    done(code === undefined ? undefined : { code, stdout: text(stdout), stderr: text(stderr) });
  });
  // Nothing is typed: a program that reads gets its end at once.
  channel.end();
}
