/** A client of the cache, as applications have them: asks the sentinels who is primary, writes there, reads there or nearby. */
import type { Outcome } from '../../history/operation.ts';
import { MASTER_NAME, PORT, SENTINEL_PORT } from './config.ts';
import { type Answer, type Connection, callOnce, connect } from './connection.ts';
import { isError } from './resp.ts';

export interface CacheRequest {
  readonly f: 'read' | 'write';
  readonly key: string;
  readonly value: unknown;
}

/** What a client knows of an operation. */
export interface Completed {
  readonly type: Outcome;
  readonly value: unknown;
  readonly error?: string;
}

export interface ClientOptions {
  /** Path of the namespace that the client lives in. */
  readonly netns: string;
  /** Addresses of the members, each with a sentinel. */
  readonly members: readonly string[];
  /** Place of the member that is nearest: its sentinel is asked first, and reads go there where they go to replicas. */
  readonly first: number;
  readonly timeoutMs: number;
  /** Default `primary`. */
  readonly readFrom?: 'primary' | 'nearest';
}

export interface Client {
  execute(request: CacheRequest, readFrom?: 'primary' | 'nearest'): Promise<Completed>;
  close(): void;
}

/** Error replies that say for certain that nothing was written. */
const REFUSALS = /^(READONLY|NOREPLICAS|LOADING|MASTERDOWN|MISCONF|OOM|ERR)\b/;

/**
 * A client that keeps its connection to the primary as long as that answers, whatever the sentinels think meanwhile: as real ones do,
 * which is how acknowledged writes get lost. After an error it asks the sentinels again.
 */
export function createClient(options: ClientOptions): Client {
  const { netns, members, timeoutMs } = options;
  const connections = new Map<string, Connection>();
  let primary: string | undefined;
  let asked = options.first % members.length;
  let near = options.first % members.length;

  const connectionTo = (address: string): Connection => {
    const known = connections.get(address);
    if (known !== undefined && !known.closed) return known;
    const fresh = connect(netns, address, PORT);
    connections.set(address, fresh);
    return fresh;
  };
  const findPrimary = async (): Promise<string | undefined> => {
    const words = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME];
    const answer = await callOnce(netns, members[asked]!, SENTINEL_PORT, words, timeoutMs);
    if (answer.kind === 'answer' && Array.isArray(answer.reply)) return String(answer.reply[0]);
    asked = (asked + 1) % members.length;
    return undefined;
  };

  return {
    close() {
      for (const connection of connections.values()) connection.close();
    },
    async execute(request, readFrom = options.readFrom ?? 'primary') {
      const nearby = request.f === 'read' && readFrom === 'nearest';
      if (!nearby) primary ??= await findPrimary();
      const address = nearby ? members[near]! : primary;
      if (address === undefined) return { type: 'fail', value: request.value, error: 'no sentinel names a primary' };
      const answer = await connectionTo(address).call(words(request), timeoutMs);
      const completed = judge(request, answer);
      if (completed.error !== undefined) {
        if (nearby) near = (near + 1) % members.length;
        else primary = undefined;
      }
      return completed;
    },
  };
}

function words({ f, key, value }: CacheRequest): readonly string[] {
  return f === 'read' ? ['GET', key] : ['SET', key, JSON.stringify(value)];
}

/** @internal for the tests */
export function judge({ f, value }: CacheRequest, answer: Answer): Completed {
  if (answer.kind !== 'answer') {
    return { type: f === 'read' || answer.kind === 'not sent' ? 'fail' : 'info', value, error: answer.error };
  }
  const { reply } = answer;
  if (isError(reply))
    return { type: f === 'read' || REFUSALS.test(reply.error) ? 'fail' : 'info', value, error: reply.error };
  if (f === 'write') return { type: 'ok', value };
  return { type: 'ok', value: reply === null ? null : (JSON.parse(String(reply)) as unknown) };
}
