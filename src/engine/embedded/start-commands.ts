/** The topology's `exec:` commands, and what went wrong while a node started. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execInNode } from './exec.ts';
import { paced } from './pace.ts';
import type { LabPlan, NodePlan } from './plan.ts';

/** What FRR writes of a configuration that it cannot read. */
const CONFIG_ERROR = /unknown command|config line \d+|% .*(invalid|incomplete|ambiguous)|line \d+: /i;
const LINES_SAID = 5;

/** Runs them, in order within a node; a failing one is reported and stops neither its node's next one nor other nodes. */
export async function runStartCommands(
  plan: LabPlan,
  nodes: readonly NodePlan[],
  width: number,
  say: (line: string) => void,
): Promise<void> {
  await paced(
    nodes.filter(({ exec }) => exec.length > 0),
    width,
    async (node) => {
      for (const argv of node.exec) {
        const { code, stdout, stderr } = await execInNode(plan, node, argv);
        if (code !== 0) say(`${node.name}: "${argv.join(' ')}" ended with ${code}: ${(stderr || stdout).trim()}`);
      }
    },
  );
}

/** Tells the user what the node's start reported and what its daemons said against their configuration. */
export async function sayStartProblems(node: NodePlan, report: string, say: (line: string) => void): Promise<void> {
  if (report !== 'ok') say(`${node.name}: ${report}; see ${join(node.dir, 'log')}`);
  const problems = readLogs(node).filter((line) => CONFIG_ERROR.test(line));
  for (const line of problems.slice(0, LINES_SAID)) say(`${node.name}: ${line}`);
  if (problems.length > LINES_SAID)
    say(`${node.name}: and ${problems.length - LINES_SAID} more; see ${join(node.dir, 'log')}`);
}

function readLogs(node: NodePlan): string[] {
  const log = join(node.dir, 'log');
  const daemons = join(log, 'frr');
  const files = [join(log, 'node.log')];
  try {
    files.push(...readdirSync(daemons).map((name) => join(daemons, name)));
  } catch {
    // No FRR in this node.
  }
  return files.flatMap((file) => {
    try {
      return readFileSync(file, 'utf8').split('\n');
    } catch {
      return [];
    }
  });
}
