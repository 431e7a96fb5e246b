import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'ava';
import { breaks, converges, reaches, withLab } from '../../src/ava/index.ts';

const root = resolve(import.meta.dirname, '../..');
const script = (name: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(root, 'scripts', name), ...args], { encoding: 'utf8', cwd: root });

test('the scripts for zx boot a lab, show who talks to whom, and take it down', (t) => {
  const up = script('up.ts', 'pod', '--name=script-up', '--racks=2', '--servers=0');
  t.teardown(() => script('down.ts', 'script-up'));
  t.regex(up, /leaf-1 +eth1=spine-1 eth2=spine-2/);
  t.true(existsSync('/run/netns/clab-script-up-leaf-1'));
  t.regex(script('down.ts', 'script-up'), /script-up: gone/);
  t.false(existsSync('/run/netns/clab-script-up-leaf-1'));
});

test(
  'a lab for one ava test, as the README shows it',
  withLab('pod', { set: { racks: 2 } }, async (t, lab) => {
    await converges(t, lab);
    const cut = await breaks(t, lab, 'link-down', 'spine-1:eth1--leaf-1:eth1');
    await converges(t, lab, { failures: { links: new Set([cut.target]) }, withinMs: 5000 });
    await reaches(
      t,
      lab,
      'server-1-1',
      lab.fabric?.nodes.find(({ name }) => name === 'server-2-1')?.loopback4.split('/')[0] ?? '',
    );
    await cut.heal();
    await converges(t, lab);
  }),
);
