import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { faultKinds, planFaults, type TargetChoices } from '../../src/fault/index.ts';
import { createRandom } from '../../src/random.ts';

const choices: TargetChoices = {
  nodes: ['spine-1', 'spine-2', 'leaf-1', 'leaf-2', 'server-1-1'].map((name) => ({
    name,
    role: name.split('-')[0] as string,
    disk: name.startsWith('server'),
  })),
  links: [
    { name: 'spine-1:eth1--leaf-1:eth1', roles: ['spine', 'leaf'] },
    { name: 'spine-2:eth1--leaf-1:eth2', roles: ['spine', 'leaf'] },
    { name: 'leaf-1:eth3--server-1-1:eth1', roles: ['leaf', 'server'] },
  ],
  racks: ['rack-1', 'rack-2'],
  stores: ['etcd'],
};
const plan = (seed: number, steps: Parameters<typeof planFaults>[0]) =>
  planFaults(steps, choices, createRandom(seed)).map(({ kind, target }) => [kind.kind, target]);

test('the same seed gives the same plan, and seeds differ', (t) => {
  const steps = Array.from({ length: 12 }, () => ({ kind: 'link-down', target: 'any' }));
  t.deepEqual(plan(7, steps), plan(7, steps));
  t.true([1, 2, 3, 4].some((seed) => JSON.stringify(plan(seed, steps)) !== JSON.stringify(plan(7, steps))));
});

test('a role draws each of its members before any comes twice', (t) => {
  const targets = plan(3, [
    { kind: 'switch-power', target: 'spine' },
    { kind: 'switch-power', target: 'spine' },
  ]).map(([, target]) => target);
  t.deepEqual(targets.sort(), ['spine-1', 'spine-2']);
});

test('roles of a link come in either order', (t) => {
  t.deepEqual(plan(1, [{ kind: 'link-down', target: 'server-leaf' }]), [['link-down', 'leaf-1:eth3--server-1-1:eth1']]);
});

test('names stand for themselves, and a leader waits for its time', (t) => {
  t.deepEqual(
    plan(1, [
      { kind: 'rack-power', target: 'rack-2' },
      { kind: 'rack-power', target: 'leader:etcd' },
    ]),
    [
      ['rack-power', 'rack-2'],
      ['rack-power', 'leader:etcd'],
    ],
  );
});

test('a fault of a disk strikes only nodes that have one, whatever was drawn before', (t) => {
  const steps = ['switch-power', 'disk-full', 'disk-slow', 'bit-rot', 'disk-lost'].map((kind) => ({
    kind,
    target: 'any',
  }));
  for (const seed of [1, 2, 3]) {
    const [, ...struck] = plan(seed, steps).map(([, target]) => target);
    t.deepEqual(struck, ['server-1-1', 'server-1-1', 'server-1-1', 'server-1-1']);
  }
  t.throws(() => plan(1, [{ kind: 'disk-lost', target: 'spine' }]), { instanceOf: InputError, message: /disk-lost/ });
});

test('a kind or target that is not there is refused by name', (t) => {
  t.throws(() => plan(1, [{ kind: 'meteor', target: 'any' }]), {
    instanceOf: InputError,
    message: /meteor.*link-down/,
  });
  t.throws(() => plan(1, [{ kind: 'switch-power', target: 'super-spine' }]), {
    instanceOf: InputError,
    message: /super-spine/,
  });
});

test('each kind has its own name', (t) => {
  t.is(new Set(faultKinds.map(({ kind }) => kind)).size, faultKinds.length);
});
