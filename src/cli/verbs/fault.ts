import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from '../../errors.ts';
import { Lab } from '../../lab/lab.ts';
import type { ParsedCommand } from '../arguments.ts';
import { durationOf } from '../settings.ts';

/** `leafstorm fault LAB KIND TARGET [--for 5s]`: breaks one thing by hand; without `--for` until Ctrl-C. */
export async function fault({ operands, values }: ParsedCommand): Promise<number> {
  const [name, kind, target] = operands as [string, string, string];
  const forMs = typeof values['for'] === 'string' ? durationOf(values['for']) : undefined;
  const lab = await Lab.attach(name);
  const signal = ended();
  const broken = lab.prepare(kind, target);
  try {
    const { atMs } = await broken.inject();
    const proof = await broken.proof();
    if (values['json']) process.stdout.write(`${JSON.stringify({ kind, target, atMs, proof })}\n`);
    process.stderr.write(`${kind} ${target}: ${proof.verdict}: ${proof.evidence}\n`);
    if (forMs === undefined) process.stderr.write('Ctrl-C heals it\n');
    if (proof.verdict === 'pass') await wait(forMs, signal);
    return EXIT[proof.verdict];
  } finally {
    await broken.heal();
    process.stderr.write(`${kind} ${target}: healed\n`);
  }
}

/** Aborts when the user has had enough. */
function ended(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** A timer keeps the process alive until the signal comes: a longer one than any drill. */
async function wait(forMs: number | undefined, signal: AbortSignal): Promise<void> {
  await sleep(forMs ?? 2 ** 31 - 1, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}
