import test from 'ava';
import { planLab } from '../../src/engine/embedded/plan.ts';
import { requireTools } from '../../src/engine/embedded/tools.ts';
import { MissingError } from '../../src/errors.ts';
import { node, topology } from '../support/topology.ts';

test('a missing program is reported with the package that has it', (t) => {
  const plan = planLab(topology('engtools', [node('a'), node('b')], []), 1);
  t.notThrows(() => requireTools(plan));
  const [first, ...rest] = plan.nodes;
  const programs = [
    { path: '/nowhere/bgpd', package: 'frr' },
    { path: 'no-such-program', package: 'other' },
  ];
  const lacking = { ...plan, nodes: [{ ...first!, recipe: { ...first!.recipe, programs } }, ...rest] };
  t.throws(() => requireTools(lacking), {
    instanceOf: MissingError,
    message: /\/nowhere\/bgpd, no-such-program; install .*apt-get install frr other/,
  });
});
