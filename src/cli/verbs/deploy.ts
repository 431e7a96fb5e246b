import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Topology } from 'containerlab-ts';
import { embedded } from '../../engine/embedded/index.ts';
import { EXIT, InputError, UsageError } from '../../errors.ts';
import { listenForInterrupt } from '../../lab/interrupt.ts';
import { drawSeed, Lab } from '../../lab/lab.ts';
import { type LabSource, loadSource, requireLabName, topologyAt } from '../../lab/source.ts';
import type { ParsedCommand } from '../arguments.ts';
import { seedOf, settingsOf } from '../settings.ts';

/** `leafstorm deploy [LAB|FILE|DIR]`: boots a lab, waits until its tables are as predicted, and leaves it running. */
export async function deploy({ operands, values }: ParsedCommand): Promise<number> {
  const given = operands[0] ?? (values['topo'] as string | undefined);
  if (given === undefined) throw new UsageError('deploy what? Name a lab or folder, or a file with -t FILE');
  const source = await loadSource(given, settingsOf((values['set'] ?? []) as readonly string[]));
  const name = requireLabName((values['name'] as string | undefined) ?? source.name);
  const replaces = values['reconfigure'] === true;
  if (!replaces && (await embedded.labs()).includes(name)) {
    throw new InputError(
      `lab ${name} is running already; leafstorm destroy ${name} takes it down, deploy -c does so first, --name gives this one another name`,
    );
  }
  const seed = seedOf(values['seed'] as string | undefined) ?? drawSeed();
  const folder = source.file === undefined ? resolve(`clab-${name}`) : undefined;
  const isNew = folder !== undefined && !existsSync(folder);
  const topology = Object.freeze({ ...(folder ? source.place(folder) : topologyAt(source.file as string)), name });
  if (replaces) await embedded.destroy(name, { cleanup: true });
  const { deployMs, outcome } = await boot(topology, source, { seed, wait: values['no-wait'] !== true }).catch(
    (error) => {
      if (isNew) rmSync(folder, { recursive: true, force: true });
      throw error;
    },
  );
  // Since this process began, for that is what its user waits for.
  const convergeMs = outcome?.tookMs === undefined ? null : Math.round(performance.now());
  const figures = {
    lab: name,
    seed,
    nodes: topology.nodes.length,
    links: topology.links.length,
    topology: topology.file,
    deployMs,
    convergeMs,
  };
  if (values['json']) process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.stderr.write(
    `${name}: ${figures.nodes} nodes, ${figures.links} links; deployed after ${deployMs} ms${convergeMs === null ? '' : `, every kernel table as predicted after ${convergeMs} ms`}; seed ${seed}\n`,
  );
  if (outcome !== undefined && convergeMs === null) {
    const [first] = outcome.differences;
    process.stderr.write(
      `tables are not as predicted: ${outcome.differences.length} differences, the first at ${first?.node}: ${first?.prefix}\n`,
    );
    return EXIT.fail;
  }
  return EXIT.pass;
}

interface Booted {
  readonly deployMs: number;
  /** Absent where nobody waits. */
  readonly outcome?: Awaited<ReturnType<Lab['converged']>>;
}

/** All of it or, after Ctrl-C or an error, nothing. */
async function boot(
  topology: Topology,
  { fabric }: LabSource,
  { seed, wait }: { readonly seed: number; readonly wait: boolean },
): Promise<Booted> {
  const interrupt = listenForInterrupt();
  let lab: Lab | undefined;
  try {
    const say = (line: string) => process.stderr.write(`  ${line}\n`);
    lab = await Lab.deploy({ topology, fabric }, { seed, say });
    const deployMs = Math.round(performance.now());
    interrupt.check();
    return wait ? { deployMs, outcome: await lab.converged({ check: interrupt.check }) } : { deployMs };
  } catch (error) {
    await lab?.destroy({ cleanup: true });
    // Ctrl-C ends runc and its like as well: what they say then is not the reason.
    interrupt.check();
    throw error;
  } finally {
    interrupt.release();
  }
}
