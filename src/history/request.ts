/** One operation that a client is asked to do. */
export interface AnyRequest {
  readonly f: string;
  /** Of the object that it is on, where a workload has several. */
  readonly key?: string;
  /** What is written; null for a read. */
  readonly value: unknown;
}
