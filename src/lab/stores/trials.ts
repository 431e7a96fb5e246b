/** What befell a store in a run, as its judgement needs it. */
import type { StoreFault } from '../store-verdict.ts';

export class Trials {
  readonly #outages: StoreFault[] = [];
  #whole = true;
  #unrecovered: string | undefined;

  /** Faults that struck it, each with a recovery time of its own. */
  get outages(): readonly StoreFault[] {
    return this.#outages;
  }

  /** The fault after which it never served again though all around it was whole. */
  get unrecovered(): string | undefined {
    return this.#unrecovered;
  }

  /** After each heal: whether every member served again in time. */
  noteWhole(isWhole: boolean): void {
    this.#whole = isWhole;
  }

  /** @param isOutage the store had to recover from it */
  noteFault(fault: StoreFault, isOutage: boolean): void {
    if (isOutage) this.#outages.push(fault);
    if (!this.#whole) this.#unrecovered ??= `${fault.kind} ${fault.target}`;
  }

  /** All of it could be read in the end: whatever it seemed to be, it serves. */
  noteReadable(): void {
    this.#unrecovered = undefined;
  }
}

/** Faults that take a member's power, its disk, or what it wrote to it. */
const TAKES_MEMBERS = ['rack-power', 'switch-power', 'power-cut', 'brown-out', 'disk-lost', 'bit-rot'];

/** Whether a fault took members of the nodes. @param racks nodes of each rack */
export function tookMembers(
  { kind, target, took }: StoreFault,
  nodes: ReadonlySet<string>,
  racks: ReadonlyMap<string, readonly string[]>,
): boolean {
  if (!TAKES_MEMBERS.includes(kind)) return false;
  return (took ?? racks.get(target) ?? [target]).some((node) => nodes.has(node));
}

/** A load that is stopped once, however often that is asked for. */
export function stopOnce(load: { stop(): Promise<unknown> }): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= load.stop().then(() => {});
    return stopped;
  };
}
