/** The folder of a member's data. */
import type { RunningLab } from '../../engine/engine.ts';
import type { Member } from '../store.ts';
import { DATA_DIR } from './argv.ts';

/** Two log files, and something for the data. */
const LEAST_BYTES = 160 * 1024 * 1024;
/** What etcd makes in its folder, and what mkfs makes in a disk. */
const OWN = ['member', 'lost+found'];

/** @throws Error where it is no folder of etcd's, or the node's disk has no room for two log files */
export async function makeDataDir(lab: RunningLab, { name, node }: Member): Promise<void> {
  const made = await lab.exec(node, ['mkdir', '-p', '-m', '700', DATA_DIR]);
  if (made.code !== 0)
    throw new Error(`etcd member ${name}: cannot make ${DATA_DIR} on ${node}: ${made.stderr.trim()}`);
  const foreign = (await entries(lab, node)).filter((entry) => !OWN.includes(entry));
  if (foreign.length > 0) {
    throw new Error(
      `etcd member ${name}: ${DATA_DIR} on ${node} is not a data folder of etcd: it holds ${foreign.slice(0, 5).join(', ')}; give etcd a folder of its own`,
    );
  }
  const { stdout } = await lab.exec(node, ['df', '--output=avail', '-B1', DATA_DIR]);
  const free = Number(stdout.split('\n')[1]);
  if (!(free >= LEAST_BYTES)) {
    throw new Error(
      `etcd member ${name}: ${free} bytes are free at ${DATA_DIR} on ${node}, and etcd reserves 64 MB twice; give the node a disk of 256 MB (serverDiskBytes, or the label leafstorm-disk)`,
    );
  }
}

/** Whether a member has data to start from; an empty disk has none. */
export async function hasData(lab: RunningLab, { node }: Member): Promise<boolean> {
  return (await entries(lab, node)).includes('member');
}

/** Throws the data away. */
export async function wipe(lab: RunningLab, { name, node }: Member): Promise<void> {
  const { code, stderr } = await lab.exec(node, ['rm', '-rf', DATA_DIR]);
  if (code !== 0) throw new Error(`etcd member ${name}: its data on ${node} stays: ${stderr.trim()}`);
}

async function entries(lab: RunningLab, node: string): Promise<string[]> {
  const { stdout } = await lab.exec(node, ['ls', '-A', DATA_DIR]);
  return stdout.split('\n').filter((entry) => entry !== '');
}
