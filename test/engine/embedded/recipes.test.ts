import test from 'ava';
import { chooseDaemons, readDaemonsFile } from '../../../src/engine/embedded/recipes/frr-daemons.ts';
import { recipeFor, repositoryOf } from '../../../src/engine/embedded/recipes/index.ts';

const BGP = 'router bgp 65001\n neighbor eth1 interface remote-as external\nexit\n!\n';

test('registry, tag and digest do not matter for the recipe', (t) => {
  t.is(repositoryOf('quay.io/frrouting/frr:10.2.1'), 'frrouting/frr');
  t.is(repositoryOf('localhost:5000/a/b@sha256:00'), 'a/b');
  t.is(repositoryOf('alpine'), 'alpine');
  t.is(recipeFor('quay.io/frrouting/frr:10.2.1')?.name, 'frr');
  t.is(recipeFor('frrouting/frr:v8.4.1')?.name, 'frr');
  t.is(recipeFor('wbitt/network-multitool:alpine-minimal')?.name, 'host');
  t.is(recipeFor('ghcr.io/nicolaka/netshoot')?.name, 'host');
  t.is(recipeFor('vrnetlab/vr-sros:1'), undefined);
  t.is(recipeFor(''), undefined);
});

test('the daemons file is read without running it', (t) => {
  const { enabled, options } = readDaemonsFile(
    'bgpd=yes\nospfd=no\n# ripd=yes\nvtysh_enable=yes\nzebra_options=" -s 9 --daemon -A 127.0.0.1"\nbgpd_options="$(touch /x)"\n',
  );
  t.deepEqual([...enabled!], ['bgpd']);
  t.deepEqual(options.get('zebra'), ['-s', '9', '-A', '127.0.0.1']);
  t.deepEqual(options.get('bgpd'), ['$(touch', '/x)']);
});

function daemonsFor(frrConf: string | undefined, daemonsFile?: string, installed = (_: string) => true) {
  const read = (path: string) => (path === '/etc/frr/frr.conf' ? frrConf : undefined);
  const { daemons, integrated, warnings } = chooseDaemons(readDaemonsFile(daemonsFile), read, installed);
  return { names: daemons.map(({ name }) => name).sort(), integrated, warnings, first: daemons[0]?.name };
}

test('only daemons with work run, zebra first', (t) => {
  t.deepEqual(daemonsFor(BGP).names, ['bgpd', 'zebra']);
  t.is(daemonsFor(BGP, 'bgpd=yes\nbfdd=yes\n').first, 'zebra');
  t.deepEqual(daemonsFor(BGP, 'bgpd=yes\nbfdd=yes\n').names, ['bgpd', 'zebra']);
  t.deepEqual(daemonsFor(BGP.replace('exit', ' neighbor eth1 bfd\nexit')).names, ['bfdd', 'bgpd', 'zebra']);
  t.deepEqual(
    daemonsFor(`ip route 10.0.0.0/8 Null0\n`, 'bgpd=no\n').names,
    ['staticd', 'zebra'],
    'FRR starts staticd whatever the file says',
  );
  t.deepEqual(daemonsFor(undefined).names, ['zebra']);
});

test('a configuration with statements for daemons that cannot be told goes through vtysh, and then all that are turned on run', (t) => {
  const { names, integrated } = daemonsFor(
    `${BGP}router ospf\n network 10.0.0.0/8 area 0\nexit\n!\n`,
    'bgpd=yes\nospfd=yes\n',
  );
  t.true(integrated);
  t.deepEqual(names, ['bgpd', 'ospfd', 'staticd', 'zebra']);
});

test('what has no effect is said', (t) => {
  t.regex(daemonsFor(BGP, 'bgpd=no\n').warnings.join(), /needs bgpd/);
  t.regex(
    daemonsFor(BGP, 'bgpd=yes\nsharpd=yes\n', (name) => name !== 'sharpd').warnings.join(),
    /sharpd is not in this host's FRR/,
  );
});
