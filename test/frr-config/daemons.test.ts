import { readFileSync } from 'node:fs';
import test from 'ava';
import { joinDaemons, parseFrrConfig, splitByDaemon } from 'frr-config';

const everything = parseFrrConfig(readFileSync(new URL('./fixtures/everything.conf', import.meta.url), 'utf8'));

/** Each first two words once, in one order. */
function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].toSorted();
}

test('each daemon gets what it understands and nothing else', (t) => {
  const parts = splitByDaemon(everything)!;
  const first = (text: string) =>
    sorted(
      text
        .split('\n')
        .filter((line) => /^[a-z]/.test(line))
        .map((line) => line.split(' ', 2).join(' ')),
    );
  const head = ['frr version', 'frr defaults', 'hostname r1', 'log file', 'log timestamp'];
  t.deepEqual(first(parts.staticd), sorted([...head, 'ip route', 'ipv6 route']));
  t.deepEqual(first(parts.bfdd), sorted([...head, 'bfd', 'exit']));
  t.deepEqual(
    first(parts.bgpd),
    sorted([...head, 'router bgp', 'exit', 'ip prefix-list', 'ipv6 prefix-list', 'route-map RM', 'route-map SRC']),
  );
  t.deepEqual(
    first(parts.zebra),
    sorted([
      ...head,
      'no ipv6',
      'zebra nexthop-group',
      'no zebra',
      'interface eth1',
      'interface eth2',
      'exit',
      'route-map SRC',
      'ip protocol',
    ]),
  );
  t.regex(parts.zebra, /set src 10\.0\.0\.1/);
  t.notRegex(parts.bgpd, /set src/);
});

test('zebra gets the route-maps it applies, with their prefix-lists, without attributes of BGP', (t) => {
  const { zebra } = splitByDaemon(
    parseFrrConfig(`ip prefix-list A permit any
ip prefix-list B permit any
route-map M permit 10
 match ip address prefix-list A
 set local-preference 5
 set src 10.0.0.1
route-map N permit 10
ip protocol bgp route-map M
`),
  )!;
  t.regex(zebra, /prefix-list A/);
  t.notRegex(zebra, /prefix-list B|route-map N|local-preference/);
});

test('an unknown statement goes to the daemon of its block, or forbids the split', (t) => {
  const split = (text: string) => splitByDaemon(parseFrrConfig(text));
  t.regex(split('router bgp 1\n bgp always-compare-med\n')!.bgpd, /^ bgp always-compare-med$/m);
  t.regex(split('bfd\n peer 10.0.0.1\n  receive-interval 50\n exit\nexit\n')!.bfdd, /^ {2}receive-interval 50$/m);
  t.truthy(split('service integrated-vtysh-config\nline vty\n'));
  t.is(split('router ospf\n network 10.0.0.0/8 area 0\n'), undefined);
  t.is(split('interface eth1\n ip ospf area 0\n'), undefined);
  t.is(split('route-map A permit 10\n match community C\n'), undefined);
  t.is(split('debug bgp updates\n'), undefined);
});

test('joining is the inverse of splitting', (t) => {
  const { zebra, bgpd, bfdd, staticd } = splitByDaemon(everything)!;
  const parts = {
    zebra: parseFrrConfig(zebra),
    bgpd: parseFrrConfig(bgpd),
    bfdd: parseFrrConfig(bfdd),
    staticd: parseFrrConfig(staticd),
  };
  t.deepEqual(joinDaemons(parts), everything);
});
