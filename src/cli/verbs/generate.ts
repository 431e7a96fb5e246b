import { resolve } from 'node:path';
import { writeFabric } from '../../fabric/index.ts';
import { loadFabric } from '../../lab/source.ts';
import type { ParsedCommand } from '../arguments.ts';
import { settingsOf } from '../settings.ts';

/** `leafstorm generate LAB`: writes the folder that `run`, `check` and `deploy` take. */
export async function generate({ operands, values }: ParsedCommand): Promise<number> {
  const fabric = await loadFabric(operands[0] as string, settingsOf((values['set'] ?? []) as readonly string[]));
  const dir = resolve((values['out'] as string | undefined) ?? fabric.name);
  const { topologyFile, files } = writeFabric(fabric, dir);
  const counts = `${fabric.nodes.length} nodes, ${fabric.links.length} links, ${files.length} files`;
  if (values['json']) {
    process.stdout.write(
      `${JSON.stringify({ topology: topologyFile, nodes: fabric.nodes.length, links: fabric.links.length, files })}\n`,
    );
  } else {
    process.stderr.write(`${topologyFile}: ${counts}\n`);
  }
  return 0;
}
