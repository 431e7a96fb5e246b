import test from 'ava';
import { parseFrrConfig, parseFrrConfigWithLines, splitByDaemon, withDefaults, writeFrrConfig } from 'frr-config';

const TEXT = `bgp as-path access-list RACK seq 10 permit ^4200100001$
bgp as-path access-list RACK deny _65001_
bgp as-path access-list RACK seq 5 permit ^(1|2) (3|4)*$
bgp as-path access-list ITSELF permit ^$
route-map OUT permit 10
 match as-path RACK
exit`;

test('AS path lists are read, numbered as FRR numbers them, and written back', (t) => {
  const { config, lines } = parseFrrConfigWithLines(TEXT);
  t.deepEqual(config.asPathLists, [
    {
      name: 'RACK',
      entries: [
        { seq: 10, action: 'permit', regex: '^4200100001$' },
        { seq: 15, action: 'deny', regex: '_65001_' },
        { seq: 5, action: 'permit', regex: '^(1|2) (3|4)*$' },
      ],
    },
    { name: 'ITSELF', entries: [{ seq: 5, action: 'permit', regex: '^$' }] },
  ]);
  t.is(config.unknown, undefined);
  t.is(config.routeMaps?.[0]?.entries[0]?.matchAsPath, 'RACK');
  t.is(lines.get('asPathLists/0/entries/1'), 2);
  t.deepEqual(parseFrrConfig(writeFrrConfig(config)), config);
  t.deepEqual(
    withDefaults(config).asPathLists?.map(({ entries }) => entries.map(({ seq }) => seq)),
    [[5], [5, 10, 15]],
  );
});

test('what FRR refuses stays unknown', (t) => {
  for (const text of [
    'no bgp as-path access-list A permit ^$',
    'bgp as-path access-list A permit',
    'bgp as-path access-list A permit [a-z]',
    'bgp as-path access-list A maybe ^$',
    'bgp as-path access-list A seq x permit ^$',
  ]) {
    t.deepEqual(
      parseFrrConfig(text).unknown?.map((one) => one.text),
      [text],
    );
  }
});

test('policies stand before the neighbours that use them, and only bgpd gets AS paths', (t) => {
  const config = parseFrrConfig(`${TEXT}\nip protocol bgp route-map OUT\nrouter bgp 1\nexit`);
  const text = writeFrrConfig(config);
  t.true(text.indexOf('as-path access-list') < text.indexOf('route-map OUT permit'));
  t.true(text.indexOf('route-map OUT permit') < text.indexOf('router bgp'));
  const split = splitByDaemon(config);
  t.regex(split?.bgpd ?? '', /as-path access-list RACK(.|\n)* match as-path RACK/);
  t.notRegex(split?.zebra ?? '', /as-path/);
});
