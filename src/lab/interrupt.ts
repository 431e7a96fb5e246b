/** Ctrl-C and its kin: the run ends at the next step, and takes its lab with it. */

export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Interrupt {
  /** @throws Interrupted once a signal has come */
  check(): void;
  /** Gives the signals back. */
  release(): void;
}

/** Listens for SIGINT, SIGTERM and SIGHUP. A second one ends the process at once; `destroy` then removes what is left. */
export function listenForInterrupt(): Interrupt {
  let signal: NodeJS.Signals | undefined;
  const listen = (received: NodeJS.Signals) => {
    if (signal !== undefined) process.exit(130);
    signal = received;
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, listen);
  return {
    check() {
      if (signal !== undefined) throw new Interrupted(`ended by ${signal}; the lab was taken down`);
    },
    release() {
      for (const name of signals) process.off(name, listen);
    },
  };
}
