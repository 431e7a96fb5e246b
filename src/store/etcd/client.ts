/** A client of the store: registers with reads, writes and compare-and-set, and what is known after each. */
import type { Outcome } from '../../history/operation.ts';
import type { Request } from '../../history/workload.ts';
import { type Answer, createGateway } from './gateway.ts';

/** What a client knows of an operation. */
export interface Completed {
  readonly type: Outcome;
  /** What a read returned; what was asked for otherwise. */
  readonly value: unknown;
  readonly error?: string;
  /** The member that was asked did not serve: the next one is worth a try. */
  readonly elsewhere: boolean;
}

export interface ClientOptions {
  /** Path of the namespace that the client lives in. */
  readonly netns: string;
  /** Addresses of the members; the client stays with one until it fails, then goes on to the next. */
  readonly members: readonly string[];
  /** Place of the first member to ask. Default 0. */
  readonly first?: number;
  readonly timeoutMs: number;
  /** A planted defect: a client that takes a missing answer for a failure. Default `info`. */
  readonly treatTimeoutAs?: 'info' | 'fail';
  /** A planted defect: reads that the first member, the nearest, answers from what it has, without asking a quorum (`serializable`). */
  readonly serializableReads?: boolean;
}

export interface Client {
  execute(request: Request): Promise<Completed>;
  close(): void;
}

/** Answers other than 200 that say for certain that nothing was done; all others may have been proposed already. */
const REFUSALS = ['too many requests', 'request is too large', 'database space exceeded'];

/**
 * A client of etcd. Reads are linearizable (etcd's default: confirmed by a quorum). A read without an answer is `fail`, for it
 * did nothing; a write or compare-and-set without one is `info`, unless no connection came about: then it was never sent.
 */
export function createClient(options: ClientOptions): Client {
  const gateway = createGateway(options.netns);
  const { members, timeoutMs, serializableReads = false } = options;
  const nearest = (options.first ?? 0) % members.length;
  let at = nearest;
  return {
    close: () => gateway.close(),
    async execute(request) {
      const nearby = serializableReads && request.f === 'read';
      const { path, body } = encode(request, nearby);
      const answer = await gateway.call(members[nearby ? nearest : at]!, path, body, timeoutMs);
      const completed = judge(request, answer, options.treatTimeoutAs ?? 'info');
      if (completed.elsewhere && !nearby) at = (at + 1) % members.length;
      return completed;
    },
  };
}

function encode({ f, key, value }: Request, serializable: boolean): { readonly path: string; readonly body: object } {
  const name = base64(key);
  if (f === 'read') return { path: '/v3/kv/range', body: { key: name, ...(serializable ? { serializable } : {}) } };
  if (f === 'write') return { path: '/v3/kv/put', body: { key: name, value: base64(JSON.stringify(value)) } };
  const [expected, replacement] = value as readonly [unknown, unknown];
  // A key that was never written has version 0; no value compares equal to it.
  const compare =
    expected === null
      ? { key: name, target: 'VERSION', version: '0', result: 'EQUAL' }
      : { key: name, target: 'VALUE', value: base64(JSON.stringify(expected)), result: 'EQUAL' };
  return {
    path: '/v3/kv/txn',
    body: { compare: [compare], success: [{ requestPut: { key: name, value: base64(JSON.stringify(replacement)) } }] },
  };
}

/** @internal for the tests */
export function judge(request: Request, answer: Answer, timeoutIs: 'info' | 'fail'): Completed {
  const { f, value } = request;
  if (answer.kind !== 'answer') {
    const type = f === 'read' || answer.kind === 'not sent' ? 'fail' : timeoutIs;
    return { type, value, error: answer.error, elsewhere: true };
  }
  if (answer.status !== 200) {
    const { error = `status ${answer.status}` } = answer.body as { error?: string };
    const type = f === 'read' || REFUSALS.some((refusal) => error.includes(refusal)) ? 'fail' : 'info';
    return { type, value, error, elsewhere: true };
  }
  if (f === 'read') {
    const [found] = (answer.body as { kvs?: readonly { value?: string }[] }).kvs ?? [];
    const read: unknown = found === undefined ? null : JSON.parse(Buffer.from(found.value ?? '', 'base64').toString());
    return { type: 'ok', value: read, elsewhere: false };
  }
  if (f === 'cas' && (answer.body as { succeeded?: boolean }).succeeded !== true) {
    return { type: 'fail', value, error: 'another value stands', elsewhere: false };
  }
  return { type: 'ok', value, elsewhere: false };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
