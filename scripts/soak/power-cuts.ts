// Power cuts drawn from the tree, several at once, mended in another order: each takes exactly what the tree says, and tables follow.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { powerSources, unpowered, workOut, writeFabric } from '../../src/fabric/index.ts';
import { type ActiveFault, Lab } from '../../src/lab/lab.ts';
import { topologyAt } from '../../src/lab/source.ts';
import { createRandom } from '../../src/random.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';

export interface PowerCuts {
  readonly name: string;
  readonly rounds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface PowerCutOutcome {
  readonly cut: readonly string[];
  /** Nodes that should have gone. */
  readonly dark: number;
  /** Milliseconds until all tables were as predicted, from the last cut and from the last mend; undefined where they never were. */
  readonly tablesMs: number | undefined;
  readonly healedMs: number | undefined;
  /** What was not as the tree says; empty where all was. */
  readonly wrong: readonly string[];
}

/** One lab, many rounds of one to three cuts. Servers have one supply each, everything else two. */
export async function powerCuts({ name, rounds, seed, say }: PowerCuts): Promise<readonly PowerCutOutcome[]> {
  const random = createRandom(seed);
  const fabric = workOut(leafSpine({ name, spines: 2, racks: 3, servers: 2, power: { supplies: { server: 1 } } }));
  const tree = fabric.power;
  if (tree === undefined) throw new Error('the fabric has no power tree');
  const names = powerSources(tree).map((source) => source.name);
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-power-'));
  const topology = topologyAt(writeFabric(fabric, join(dir, 'topology')).topologyFile);
  const lab = await Lab.deploy({ topology, fabric }, { seed, folder: dir });
  const outcomes: PowerCutOutcome[] = [];
  try {
    await lab.converged();
    for (let round = 1; round <= rounds; round++) {
      const cut = random.shuffle(names).slice(0, 1 + (round % 3));
      const dark = unpowered(tree, new Set(cut));
      const wrong: string[] = [];
      const faults: ActiveFault[] = [];
      for (const target of cut) {
        const fault = await lab.fault('power-cut', target);
        faults.push(fault);
        if (fault.proof.verdict !== 'pass') wrong.push(`${target}: ${fault.proof.evidence}`);
      }
      const off = await offNow(lab);
      if (off.join() !== [...dark].sort().join()) wrong.push(`off are ${off.join(', ')}, due were ${dark.join(', ')}`);
      const during = await lab.converged({ timeoutMs: 30_000, failures: { nodes: new Set(dark) } });
      for (const fault of random.shuffle(faults)) await fault.heal();
      const after = await lab.converged({ timeoutMs: 30_000 });
      const left = await offNow(lab);
      if (left.length > 0) wrong.push(`${left.join(', ')} stayed off`);
      if (during.tookMs === undefined || after.tookMs === undefined) wrong.push('tables never were as predicted');
      outcomes.push({ cut, dark: dark.length, tablesMs: during.tookMs, healedMs: after.tookMs, wrong });
      say(`${round}: ${cut.join(', ')} took ${dark.length} nodes${wrong.length > 0 ? `: ${wrong.join('; ')}` : ''}`);
    }
    return outcomes;
  } finally {
    await lab.destroy({ cleanup: true });
  }
}

async function offNow(lab: Lab): Promise<readonly string[]> {
  const found = await Promise.all(
    lab.running.nodes.map(async ({ name }) => ((await lab.running.processes(name)).length === 0 ? [name] : [])),
  );
  return found.flat().sort();
}
