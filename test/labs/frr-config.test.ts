/** Needs root, FRR 8.4 and `unshare`: what the package writes is put to FRR itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type FrrConfig, joinDaemons, parseFrrConfig, splitByDaemon, withDefaults, writeFrrConfig } from 'frr-config';
import { frrConfig } from '../frr-config/arbitrary.ts';
import { sharedConfigs } from '../frr-config/inputs.ts';
import { type Daemon, type Running, runInFrr } from '../frr-config/running.ts';

const missing = ['/usr/lib/frr/zebra', '/usr/bin/vtysh', '/usr/bin/unshare'].filter((path) => !existsSync(path));
const skipped =
  process.getuid?.() !== 0 ? 'not root' : missing.length > 0 ? `missing: ${missing.join(', ')}` : undefined;
if (skipped !== undefined) console.warn(`frr-config against FRR: skipped, ${skipped}`);
const lab = skipped === undefined ? test.serial : test.serial.skip;

const everything = readFileSync(new URL('../frr-config/fixtures/everything.conf', import.meta.url), 'utf8');
const samples = fc.sample(frrConfig, {
  seed: Number(process.env.FC_SEED ?? 20),
  numRuns: Number(process.env.FC_RUNS ?? 12),
});

/** Lines in which a daemon says that it did not take a statement. */
function refusals({ logs, complaints }: Running): string[] {
  const lines = [...Object.values(logs), complaints].join('\n').split('\n');
  return lines.filter((line) => /on config line|^\S*:? ?%|Unknown command|Ambiguous/.test(line));
}

function joined(running: Running): FrrConfig {
  const parse = (daemon: Daemon) => parseFrrConfig(running.running[daemon]);
  return joinDaemons({ zebra: parse('zebra'), bgpd: parse('bgpd'), bfdd: parse('bfdd'), staticd: parse('staticd') });
}

/** vtysh does not pass the host name on, so daemons that it feeds show the machine's. */
function withoutHostname({ hostname: _, ...rest }: FrrConfig): FrrConfig {
  return rest;
}

lab('vtysh accepts what is written', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'fc-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const check = (text: string) => {
    const file = join(dir, 'frr.conf');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync('vtysh', ['-C', '-f', file], { encoding: 'utf8' });
    return { status, said: (stdout + stderr).replace(/^% Can't open configuration file.*\n/, '') };
  };
  for (const config of [parseFrrConfig(everything), ...fc.sample(frrConfig, { seed: 84, numRuns: 60 })]) {
    const text = writeFrrConfig(config);
    t.deepEqual(check(text), { status: 0, said: '' });
  }
  t.not(check('router bgp 1\n neighbor eth1 nonsense\n').status, 0, 'the check can fail');
});

lab('what FRR runs parses to what was written, fed by vtysh', (t) => {
  for (const text of [everything, ...sharedConfigs().map(({ text }) => text)]) {
    const written = parseFrrConfig(text);
    if (splitByDaemon(written) === undefined) continue;
    const running = runInFrr({ whole: writeFrrConfig(written) });
    t.deepEqual(refusals(running), []);
    t.deepEqual(withoutHostname(withDefaults(joined(running))), withoutHostname(withDefaults(written)));
  }
});

lab('the defaults of each profile are those of FRR, also for texts of older versions', (t) => {
  for (const defaults of ['traditional', 'datacenter'] as const) {
    for (const version of ['7.3', '7.5', '8.2', '8.4.4']) {
      const neighbors = [{ name: '10.0.0.1', remoteAs: 65002 }];
      const written: FrrConfig = { version, defaults, hostname: 'r1', bgp: [{ asn: 65001, neighbors }] };
      const running = joined(runInFrr({ parts: splitByDaemon(written)! }));
      t.deepEqual(withDefaults(running), withDefaults(written), `${defaults} ${version}`);
    }
  }
});

lab('the text of everything is the one that FRR prints, block by block', (t) => {
  const { merged } = runInFrr({ whole: everything });
  // The frame of the answer, and the host name, which is the machine's.
  const printed = merged.replace(/^(Building|Current|hostname|end$).*\n/gm, '');
  const ours = writeFrrConfig(parseFrrConfig(everything)).replace(/^hostname.*\n/m, '');
  const blocks = (text: string) =>
    text
      .split(/^!\n/m)
      .map((block) => block.trim())
      .filter((block) => block !== '');
  t.deepEqual(blocks(printed).toSorted(), blocks(ours).toSorted());
});

lab('what the model does not know comes back from FRR as it was', (t) => {
  const text = `frr version 8.4.4
hostname r1
vrf blue
 vni 100
exit-vrf
ip route 10.0.0.0/8 10.1.1.1 tag 5
interface eth1
 ip address 10.1.1.0/31
 bandwidth 100
exit
access-list A seq 5 permit 10.0.0.0/8
router bgp 1
 bgp always-compare-med
 bgp cluster-id 1.1.1.1
 neighbor 10.0.0.1 remote-as 2
 neighbor 10.0.0.1 local-as 7
 address-family ipv4 unicast
  aggregate-address 10.0.0.0/8 summary-only
  neighbor 10.0.0.1 default-originate
 exit-address-family
 address-family l2vpn evpn
  neighbor 10.0.0.1 activate
  advertise-all-vni
 exit-address-family
exit
route-map A permit 10
 match metric 5
 on-match next
exit
`;
  const written = parseFrrConfig(text);
  const running = runInFrr({ whole: writeFrrConfig(written) });
  t.deepEqual(refusals(running), []);
  const shown = parseFrrConfig(running.merged);
  const unknown = (config: FrrConfig) =>
    (config.unknown ?? []).map(({ context, text }) => [...context, text].join(' / ')).toSorted();
  t.deepEqual(unknown(shown), unknown(written));
  t.deepEqual(
    withoutHostname(withDefaults({ ...shown, unknown: [] })),
    withoutHostname(withDefaults({ ...written, unknown: [] })),
  );
});

for (const [i, written] of samples.entries()) {
  lab(`daemons load their own texts and run what was written: ${i}`, (t) => {
    const parts = splitByDaemon(written);
    t.truthy(parts);
    const running = runInFrr({ parts: parts! });
    t.deepEqual(refusals(running), []);
    t.deepEqual(withDefaults(joined(running)), withDefaults(written));
  });
}

lab('everything, split by daemon', (t) => {
  const written = parseFrrConfig(everything);
  const running = runInFrr({ parts: splitByDaemon(written)! });
  t.deepEqual(refusals(running), []);
  t.deepEqual(withDefaults(joined(running)), withDefaults(written));
});

lab('an instance of a VRF beside the default one', (t) => {
  const written = parseFrrConfig(`hostname r1
router bgp 1
 neighbor eth1 interface
 neighbor eth2 interface v6only
exit
router bgp 2 vrf blue
 neighbor 10.0.0.1 remote-as internal
 address-family ipv6
  network fd00::/48
`);
  const running = runInFrr({ parts: splitByDaemon(written)! });
  t.deepEqual(refusals(running), []);
  t.deepEqual(withDefaults(joined(running)), withDefaults(written));
});

lab('a statement that a daemon refuses is seen', (t) => {
  const parts = { ...splitByDaemon({ hostname: 'r1' })!, zebra: 'router bgp 1\n', bgpd: 'interface eth1\n shutdown\n' };
  const seen = refusals(runInFrr({ parts }));
  t.true(seen.some((line) => /ZEBRA.*No such command.*router bgp 1/.test(line)));
  t.true(seen.some((line) => /BGP.*No such command.*shutdown/.test(line)));
});
