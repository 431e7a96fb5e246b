#!/usr/bin/env -S npx zx
// What a router says of itself: its BGP sessions over SSH, its interfaces over SNMP. For hardware as for a lab's routers:
//
//   SNMP_COMMUNITY=... node scripts/router-facts.ts leaf1.example.net --user=admin --key=~/.ssh/id_ed25519
//
//   --user NAME            who logs in; default: you
//   --key FILE             private key; without it the password in SSH_PASSWORD is used
//   --known-hosts FILE     default ~/.ssh/known_hosts; or --host-key SHA256:... as its console shows it
//   --sudo                 vtysh needs root there
//   --snmp-user NAME       version 3: SHA-256 and AES, passwords in SNMP_AUTH and SNMP_PRIV; default: the community in SNMP_COMMUNITY
//   --netns PATH           asks from inside a network namespace, such as /run/netns/clab-pod-spine1
import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { argv, chalk, echo } from 'zx';
import {
  bgpSessions,
  connectInNamespace,
  dgramInNamespace,
  openSnmp,
  openSsh,
  snmpBgpPeers,
  snmpInterfaces,
  snmpSystem,
  sshFrr,
} from '../src/index.ts';

const [host] = argv._;
if (host === undefined) throw new Error('usage: node scripts/router-facts.ts HOST [--user=NAME --key=FILE ...]');
const file = (path: string) => path.replace(/^~(?=\/)/, homedir());
const netns: string | undefined = argv['netns'];
const knownHosts = file(argv['known-hosts'] ?? '~/.ssh/known_hosts');

const ssh = await openSsh({
  host,
  port: argv['port'] ?? 22,
  username: argv['user'] ?? userInfo().username,
  hostKeys: argv['host-key'] ? [argv['host-key']] : existsSync(knownHosts) ? [readFileSync(knownHosts, 'utf8')] : [],
  auth: argv['key'] ? { privateKey: { file: file(argv['key']) } } : { password: { env: 'SSH_PASSWORD' } },
  ...(netns ? { connect: (to, port) => connectInNamespace(netns, to, port) } : {}),
});
const frr = sshFrr(ssh, argv['sudo'] ? { vtysh: ['sudo', '-n', 'vtysh'] } : {});
echo(chalk.bold(`${host}: BGP sessions over SSH (${ssh.hostKey.fingerprint})`));
for (const { neighbour, family, hostname = '?', remoteAs, state, prefixesReceived } of await bgpSessions(frr)) {
  echo(`${neighbour.padEnd(24)} IPv${family} AS ${remoteAs} ${hostname} ${state}, ${prefixesReceived} prefixes`);
}
frr.close();

const snmp = await openSnmp({
  host,
  auth: argv['snmp-user']
    ? {
        user: argv['snmp-user'],
        auth: { protocol: 'sha256', password: { env: 'SNMP_AUTH' } },
        priv: { protocol: 'aes', password: { env: 'SNMP_PRIV' } },
      }
    : { community: { env: 'SNMP_COMMUNITY' } },
  ...(netns ? { createSocket: (type) => dgramInNamespace(netns, type) } : {}),
});
try {
  const { name, description, uptimeMs } = await snmpSystem(snmp);
  echo(chalk.bold(`${name}: interfaces over SNMP, agent up for ${Math.round(uptimeMs / 1000)} s (${description})`));
  for (const { name: port, alias, mtu, adminUp, operStatus, counters } of await snmpInterfaces(snmp)) {
    const octets = counters ? `${counters.inOctets} octets in, ${counters.outOctets} out` : 'no 64-bit counters';
    echo(`${port.padEnd(16)} ${adminUp ? operStatus : 'shut down'}, MTU ${mtu}, ${octets} ${alias}`.trimEnd());
  }
  echo(chalk.bold(`${name}: BGP sessions over SNMP`));
  const peers = await snmpBgpPeers(snmp);
  for (const { peer, remoteAs, state, establishedS } of peers) {
    echo(`${peer.padEnd(24)} AS ${remoteAs} ${state} for ${establishedS} s`);
  }
} finally {
  snmp.close();
}
