/** A router without a configuration runs none of its protocols, silently: FRR starts with an empty one. */
import type { Network } from '../network.ts';
import { frrConfFile } from '../read-configs.ts';
import { type Found, inTopology, type Rule } from '../rule.ts';

export const configFile: Rule = {
  name: 'config-file',
  *judge(network: Network): Generator<Found> {
    const intents = new Set(network.fabric?.nodes.map(({ name }) => name));
    for (const node of network.topology.nodes) {
      if (network.router.has(node.name)) continue;
      const file = frrConfFile(node);
      if (file !== undefined) {
        yield {
          severity: 'error',
          node: node.name,
          file,
          line: 1,
          message: `there is no such file, which ${node.name} is to have as its frr.conf`,
          remedy: 'Generate the folder again, or correct the bind',
        };
      } else if (intents.has(node.name) || /(^|\/)frr(:|$)/.test(node.image)) {
        yield inTopology(network, node.name, node.at.line, {
          severity: intents.has(node.name) ? 'error' : 'warning',
          message: `${node.name} gets no frr.conf: no bind has /etc/frr/frr.conf or /etc/frr as its target`,
          remedy: 'Bind its configuration to /etc/frr/frr.conf',
        });
      }
    }
  },
};
