/** A router's agent over SNMP: version 2c (RFC 3416) with a community, or 3 (RFC 3414) with a user. What it is asked is in `snmp-tables.ts` and `snmp-bgp.ts`. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Session, User, Varbind } from 'net-snmp';
import { readSecret, type Secret } from './secret.ts';
import { type Columns, type SnmpTable, type SnmpValue, walkTable } from './snmp-walk.ts';

export interface SnmpOptions {
  /** For messages. Default: the host. */
  readonly node?: string;
  /** Name or address; a numeric address where the socket is in another namespace. */
  readonly host: string;
  /** Default 161. */
  readonly port?: number;
  readonly auth: SnmpAuth;
  /** Makes the UDP socket, such as one inside a namespace (`dgramInNamespace`). Default: from where this process is. */
  readonly createSocket?: (type: 'udp4' | 'udp6') => Socket;
  /** Milliseconds that an answer may take before the request is sent again. Default 2000. */
  readonly timeoutMs?: number;
  /** How often a request is sent again before it is an error. Default 2. */
  readonly retries?: number;
}

export type SnmpAuth =
  /** Sent in the clear: for a management network that nobody else is on. */
  { readonly community: Secret } | SnmpUser;

/** A user of version 3: without `auth` nobody proves anything; with `priv` the packets are encrypted too. */
export interface SnmpUser {
  readonly user: string;
  readonly auth?: {
    readonly protocol: 'md5' | 'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
    readonly password: Secret;
  };
  /** `aes` is AES-128 (RFC 3826); `aes256b` and `aes256r` are AES-256 as Blumenthal's draft and as Cisco (Reeder's draft) have it. */
  readonly priv?: { readonly protocol: 'des' | 'aes' | 'aes256b' | 'aes256r'; readonly password: Secret };
}

/** An open session. */
export interface Snmp {
  readonly node: string;
  /** Values of single objects, in the order of the names; undefined where the agent has no such object. @throws SnmpError */
  get(oids: readonly string[]): Promise<readonly (SnmpValue | undefined)[]>;
  /** Columns of a table, walked in bulk and side by side. @param entry OID of the table's entry @throws SnmpError */
  table(entry: string, columns: readonly number[]): Promise<SnmpTable>;
  close(): void;
}

/** An agent that does not answer, refuses, or answers nonsense. */
export class SnmpError extends Error {
  override readonly name = 'SnmpError';
  readonly node: string;
  constructor(node: string, what: string) {
    super(`${node}: snmp: ${what}`);
    this.node = node;
  }
}

const DEFAULT_PORT = 161;
const TRY_MS = 2000;
const RETRIES = 2;

/**
 * Opens a session; nothing is sent before something is asked, for UDP has no connections.
 * @throws InputError where a secret is not there, SnmpError where no socket can be made
 */
export async function openSnmp(options: SnmpOptions): Promise<Snmp> {
  const { host, port = DEFAULT_PORT, timeoutMs = TRY_MS, retries = RETRIES } = options;
  const node = options.node ?? host;
  const { default: snmp } = await import('net-snmp');
  const transport: 'udp4' | 'udp6' = isIPv6(host.replace(/%.*$/, '')) ? 'udp6' : 'udp4';
  const makeSocket = (type: 'udp4' | 'udp6') => {
    try {
      return (options.createSocket ?? createSocket)(type);
    } catch (error) {
      throw new SnmpError(node, `no socket to ask from: ${(error as Error).message}`);
    }
  };
  const open = {
    port,
    transport,
    timeout: timeoutMs,
    retries,
    dgramModule: { createSocket: makeSocket },
  };
  const secrets: string[] = [];
  const secret = (from: Secret, what: string) => {
    const value = readSecret(from, `${what} for ${node}`);
    secrets.push(value);
    return value;
  };
  const { auth } = options;
  const session =
    'community' in auth
      ? snmp.createSession(host, secret(auth.community, 'SNMP community'), { ...open, version: snmp.Version2c })
      : snmp.createV3Session(host, userOf(snmp, auth, secret), { ...open, version: snmp.Version3 });
  // Anybody can send a packet that is no SNMP: it answers nothing, and the request goes on waiting for one that does.
  session.on('error', () => {});
  const refuse = (error: Error): never => {
    if (error.name === 'RequestTimedOutError') {
      const tries = `${retries + 1} tries of ${timeoutMs} ms`;
      throw new SnmpError(
        node,
        `no answer from ${host}:${port}/udp in ${tries}: unreachable, no agent, or a community it does not know`,
      );
    }
    // net-snmp quotes communities, also the one that came back.
    const said = /community '/i.test(error.message) ? 'the answer does not fit the request' : error.message;
    throw new SnmpError(
      node,
      secrets.reduce((text, value) => text.replaceAll(value, '***'), said),
    );
  };
  const { NoSuchObject, NoSuchInstance, EndOfMibView, Counter64 } = snmp.ObjectType;
  const decode = ({ type, value }: Varbind): SnmpValue | undefined => {
    if (type === NoSuchObject || type === NoSuchInstance || type === EndOfMibView || value === null) return undefined;
    return type === Counter64 ? unsigned(value as Buffer) : (value as SnmpValue);
  };
  return Object.freeze({
    node,
    get: async (oids) => (await get(session, oids).catch(refuse)).map(decode),
    table: async (entry, columns) =>
      walkTable(entry, columns, decode, (names, rows) => getBulk(session, names, rows)).catch(refuse),
    close: () => session.close(),
  } satisfies Snmp);
}

function userOf(
  { SecurityLevel, AuthProtocols, PrivProtocols }: typeof import('net-snmp')['default'],
  { user, auth, priv }: SnmpUser,
  secret: (from: Secret, what: string) => string,
): User {
  if (auth === undefined) {
    if (priv !== undefined) throw new TypeError('an SNMP user with priv needs auth as well (RFC 3414 section 1.4.1)');
    return { name: user, level: SecurityLevel.noAuthNoPriv };
  }
  const authenticated = {
    name: user,
    authProtocol: AuthProtocols[auth.protocol],
    authKey: secret(auth.password, 'SNMP authentication password'),
  };
  if (priv === undefined) return { ...authenticated, level: SecurityLevel.authNoPriv };
  return {
    ...authenticated,
    level: SecurityLevel.authPriv,
    privProtocol: PrivProtocols[priv.protocol],
    privKey: secret(priv.password, 'SNMP privacy password'),
  };
}

function get(session: Session, oids: readonly string[]): Promise<readonly Varbind[]> {
  return new Promise((resolve, reject) => {
    session.get(oids, (error, varbinds = []) => (error ? reject(error) : resolve(varbinds)));
  });
}

function getBulk(session: Session, oids: readonly string[], rows: number): Promise<Columns> {
  return new Promise((resolve, reject) => {
    session.getBulk(oids, 0, rows, (error, columns = []) => (error ? reject(error) : resolve(columns)));
  });
}

/** A counter of up to 64 bits as it comes in BER: big-endian, a leading zero where the first bit is set. */
function unsigned(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}
