/** What leafstorm uses of net-snmp, which brings no types of its own. */
declare module 'net-snmp' {
  import type { Socket } from 'node:dgram';
  import type { EventEmitter } from 'node:events';

  export interface Varbind {
    readonly oid: string;
    readonly type: number;
    /** Number, boolean, Buffer (octet strings, 64-bit counters), text (OIDs, addresses) or null, by type. */
    readonly value: unknown;
  }

  export interface SessionOptions {
    readonly port: number;
    readonly transport: 'udp4' | 'udp6';
    readonly version: number;
    /** Milliseconds of one try. */
    readonly timeout: number;
    /** Further tries. */
    readonly retries: number;
    readonly dgramModule?: { createSocket(type: 'udp4' | 'udp6'): Socket };
  }

  export interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol?: number;
    readonly authKey?: string;
    readonly privProtocol?: number;
    readonly privKey?: string;
  }

  export interface Session extends EventEmitter {
    get(oids: readonly string[], done: (error: Error | null, varbinds?: readonly Varbind[]) => void): void;
    /** With no non-repeaters: one list a name asked for; shorter, or missing, where the answer was full. */
    getBulk(
      oids: readonly string[],
      nonRepeaters: number,
      maxRepetitions: number,
      done: (error: Error | null, columns?: readonly (readonly Varbind[])[]) => void,
    ): void;
    close(): void;
  }

  const snmp: {
    createSession(target: string, community: string, options: SessionOptions): Session;
    createV3Session(target: string, user: User, options: SessionOptions): Session;
    readonly Version2c: number;
    readonly Version3: number;
    readonly SecurityLevel: Readonly<Record<'noAuthNoPriv' | 'authNoPriv' | 'authPriv', number>>;
    readonly AuthProtocols: Readonly<Record<'md5' | 'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512', number>>;
    readonly PrivProtocols: Readonly<Record<'des' | 'aes' | 'aes256b' | 'aes256r', number>>;
    readonly ObjectType: Readonly<
      Record<'NoSuchObject' | 'NoSuchInstance' | 'EndOfMibView' | 'Counter64' | 'OctetString', number>
    >;
  };
  // biome-ignore lint/style/noDefaultExport: CommonJS, whose only export this is
  export default snmp;
}
