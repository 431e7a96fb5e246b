/** CLOCK_MONOTONIC in milliseconds: the same in every process of this machine, so instants can be compared. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
