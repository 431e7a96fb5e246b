/** Time in which a processor of this machine had work and the hypervisor let another machine run on it. */
import { readFileSync } from 'node:fs';

/** A tick of `/proc/stat`: `USER_HZ` is 100 wherever Node runs. */
const TICK_MS = 10;

/** Milliseconds stolen from each processor since the machine started, all zero where there is no hypervisor (proc_stat(5), `steal`). */
export function stolenMs(): readonly number[] {
  return stolenOf(readFileSync('/proc/stat', 'utf8'));
}

/** @internal for the tests */
export function stolenOf(stat: string): readonly number[] {
  return [...stat.matchAll(/^cpu\d+ (.*)$/gm)].map(
    ([, fields]) => Number(fields!.trim().split(/\s+/)[7] ?? 0) * TICK_MS,
  );
}
