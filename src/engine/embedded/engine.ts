/** The embedded engine: namespaces, veth pairs and runc; no Docker, no daemon. */
import { InputError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { alreadyThere, deployLab } from './deploy.ts';
import { destroyLab } from './destroy.ts';
import { requireDiskSpace } from './disk-space.ts';
import { openLab } from './lab.ts';
import { planLab } from './plan.ts';
import { labNames, readRecord } from './record.ts';
import { requireTools } from './tools.ts';

export const embedded: Engine = Object.freeze({
  name: 'embedded',
  deploy: async (topology, options) => openLab(await deployLab(topology, options), options.say),
  preflight: async (topology) => {
    // Where the seed only gives MAC addresses any will do.
    const plan = planLab(topology, 0);
    requireTools(plan);
    requireDiskSpace(plan);
    if (labNames().includes(topology.name)) throw alreadyThere(topology.name);
  },
  attach: async (name) => {
    const record = readRecord(name);
    if (record === undefined)
      throw new InputError(`no lab ${name} is running; there are: ${labNames().join(', ') || 'none'}`);
    if (record.phase !== 'running') {
      throw new InputError(
        `lab ${name} is still being deployed, or its deploy was cut short: leafstorm destroy --name ${name}`,
      );
    }
    return openLab(planLab(record.topology, record.seed));
  },
  labs: async () => labNames(),
  destroy: async (name) => destroyLab(name),
} satisfies Engine);
