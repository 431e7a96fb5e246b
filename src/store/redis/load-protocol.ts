/** What the load on a cache is told; otherwise its process speaks as that of etcd's load does. */
export interface CacheLoadOptions {
  /** File that the history goes to, one event a line. */
  readonly history: string;
  readonly seed: number;
  /** Where clients live and which member is nearest to them; they are dealt out in turn. */
  readonly places: readonly { readonly netns: string; readonly nearest: number }[];
  readonly clients: number;
  /** Keys of each client: it alone writes them, everybody reads them. */
  readonly keysPerClient: number;
  readonly members: readonly string[];
  /** Operations a second of all clients together. */
  readonly rate: number;
  /** Milliseconds that a client waits for an answer. */
  readonly timeoutMs: number;
  readonly readFrom: 'primary' | 'nearest';
}
