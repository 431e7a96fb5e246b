/** Two routers of which the first is managed from outside: real sshd and snmpd, with keys and passwords made for this run alone. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Bind, Topology } from 'containerlab-ts';
import { link, node, topology } from './topology.ts';

const CONFIGS = resolve(import.meta.dirname, '../../configs');
const at = Object.freeze({ file: 'test.clab.yml', line: 7, column: 3 });

export interface ManagedPair {
  readonly topology: Topology;
  /** What is secret lies in files that only their owner may read. */
  readonly keyFile: string;
  readonly otherKeyFile: string;
  readonly knownHostsFile: string;
  readonly passwordFile: string;
  readonly communityFile: string;
  readonly authFile: string;
  readonly privFile: string;
  /** The public half of the router's host key, as `known_hosts` has it after the name, and of a key that it does not have. */
  readonly hostKey: string;
  readonly otherHostKey: string;
  /** Every secret's text, none of which may show up anywhere. */
  readonly secrets: readonly string[];
  remove(): void;
}

/** `r1` (managed) and `r2`, joined by two links; eBGP over the first: r1 is 192.0.2.0 and 2001:db8::1, r2 192.0.2.1 and 2001:db8::2. */
export function managedPair(name: string): ManagedPair {
  const dir = mkdtempSync(join(tmpdir(), 'leafstorm-managed-'));
  const ssh = join(dir, 'ssh');
  const snmp = join(dir, 'snmp');
  mkdirSync(ssh, { mode: 0o755 });
  mkdirSync(join(snmp, 'snmpd.conf.d'), { recursive: true });
  const secret = (file: string, text: string) => {
    writeFileSync(join(dir, file), `${text}\n`, { mode: 0o600 });
    return join(dir, file);
  };
  const [password, community, auth, priv] = ['password', 'community', 'auth', 'priv'].map(() =>
    randomBytes(12).toString('hex'),
  ) as [string, string, string, string];
  const key = (path: string) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path]);
    return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  };
  copyFileSync(join(CONFIGS, 'sshd_config'), join(ssh, 'sshd_config'));
  const hostKey = key(join(ssh, 'ssh_host_ed25519_key'));
  const otherHostKey = key(join(dir, 'other_host_key'));
  const userKey = key(join(dir, 'id'));
  key(join(dir, 'other_id'));
  writeFileSync(join(ssh, 'authorized_keys'), `${userKey}\n`);
  for (const file of ['snmpd.conf', 'snmp.conf']) copyFileSync(join(CONFIGS, file), join(snmp, file));
  writeFileSync(
    join(snmp, 'snmpd.conf.d', 'access.conf'),
    `sysName r1
sysLocation rack 1
rocommunity ${community} default -V leafstorm
rocommunity6 ${community} default -V leafstorm
createUser operator SHA-256 ${auth} AES ${priv}
rouser operator priv -V leafstorm
`,
  );
  const hash = execFileSync('perl', ['-e', 'print crypt(<STDIN>, q($6$leafstorm$))'], {
    input: password,
    encoding: 'utf8',
  });
  writeFileSync(join(dir, 'shadow'), `root:${hash}:19700:0:99999:7:::\n`, { mode: 0o600 });
  const bind = (source: string, target: string): Bind => ({ source: join(dir, source), target, readOnly: true, at });
  const frr = (router: string, binds: readonly Bind[]) => {
    const folder = join(dir, router);
    mkdirSync(folder);
    writeFileSync(join(folder, 'daemons'), DAEMONS);
    writeFileSync(join(folder, 'frr.conf'), frrConf(router));
    const files = ['daemons', 'frr.conf'].map((file) => bind(`${router}/${file}`, `/etc/frr/${file}`));
    return node(router, { image: 'quay.io/frrouting/frr:10.2.1', binds: [...files, ...binds] });
  };
  const routers = [
    frr('r1', [bind('ssh', '/etc/ssh'), bind('snmp', '/etc/snmp'), bind('shadow', '/etc/shadow')]),
    frr('r2', []),
  ];
  writeFileSync(join(dir, 'known_hosts'), `192.0.2.0 ${hostKey}\n`);
  return {
    topology: topology(name, routers, [link('r1:eth1', 'r2:eth1', 1500), link('r1:eth2', 'r2:eth2', 1400)]),
    keyFile: join(dir, 'id'),
    otherKeyFile: join(dir, 'other_id'),
    knownHostsFile: join(dir, 'known_hosts'),
    passwordFile: secret('password', password),
    communityFile: secret('community', community),
    authFile: secret('auth', auth),
    privFile: secret('priv', priv),
    hostKey,
    otherHostKey,
    secrets: [password, community, auth, priv],
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** With FRR's SNMP modules, as one writes it for a router that is to show them. */
const DAEMONS = `bgpd=yes
bfdd=yes
zebra_options="-A 127.0.0.1 -s 90000000 -M snmp"
bgpd_options="-A 127.0.0.1 -M snmp"
`;

function frrConf(router: string): string {
  const own = router === 'r1' ? 0 : 1;
  // Four-byte numbers past 2^31, as private ones are: BGP4-MIB has them as signed integers.
  const [as, other] = own === 0 ? [4200000001, 4200000002] : [4200000002, 4200000001];
  return `frr version 8.4.4
frr defaults datacenter
hostname ${router}
${router === 'r1' ? 'agentx\n' : ''}no zebra nexthop kernel enable
!
interface eth1
 ip address 192.0.2.${own}/31
 ipv6 address 2001:db8::${own + 1}/64
exit
!
interface eth2
 description second link of ${router}
exit
!
interface lo
 ip address 198.51.100.${own + 1}/32
exit
!
router bgp ${as}
 bgp router-id 198.51.100.${own + 1}
 no bgp ebgp-requires-policy
 neighbor 192.0.2.${1 - own} remote-as ${other}
 neighbor 192.0.2.${1 - own} timers connect 1
 neighbor 192.0.2.${1 - own} bfd
 !
 address-family ipv4 unicast
  network 198.51.100.${own + 1}/32
 exit-address-family
exit
!
`;
}
