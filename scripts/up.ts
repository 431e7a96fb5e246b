#!/usr/bin/env -S npx zx
// Boots a lab and shows who talks to whom: node scripts/up.ts [LAB] [--name=x] [--spines=4 --racks=8 ...]
import { argv, chalk, echo } from 'zx';
import { bgpSessions, deploy, openFrr } from '../src/index.ts';

const { _: operands, name, ...set } = argv;
const lab = await deploy(operands[0] ?? 'pod', { set, ...(name && { name }), say: (line) => echo(chalk.dim(line)) });
const { tookMs } = await lab.converged();
echo(
  chalk.green(`${lab.name}: every kernel table as predicted ${Math.round(tookMs ?? Number.NaN)} ms after the deploy`),
);

for (const { name, vtyDir } of lab.running.nodes) {
  if (vtyDir === undefined) continue;
  const frr = openFrr(name, vtyDir);
  const sessions = await bgpSessions(frr);
  frr.close();
  echo(`${name.padEnd(12)} ${sessions.map(({ hostname, neighbour }) => `${neighbour}=${hostname}`).join(' ')}`);
}
echo(`take it down with: node scripts/down.ts ${lab.name}`);
