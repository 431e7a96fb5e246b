import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { type HostKey, hostKeyOf, knownKeys } from '../../src/router/ssh-host-keys.ts';

const dir = mkdtempSync(join(tmpdir(), 'leafstorm-keys-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));

/** A key made by OpenSSH: as a line shows it, and as the host sends it. */
function makeKey(name: string, type: string): { line: string; key: HostKey; printed: string } {
  const path = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', path]);
  const line = readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const printed = execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' });
  return { line, key: hostKeyOf(Buffer.from(line.split(' ')[1]!, 'base64')), printed };
}

const own = makeKey('own', 'ed25519');
const second = makeKey('second', 'ecdsa');
const rsa = makeKey('rsa', 'rsa');
const foreign = makeKey('foreign', 'ed25519');

test('fingerprints and types are those of ssh-keygen', (t) => {
  for (const { key, printed, line } of [own, second, rsa]) {
    t.is(key.fingerprint, printed.split(' ')[1]!);
    t.is(`${key.type} ${key.base64}`, line);
  }
  t.is(hostKeyOf(Buffer.from('x')).type, '', 'what is no key at all is still no crash');
});

test('a fingerprint means this host', (t) => {
  const known = knownKeys([own.key.fingerprint], 'leaf1', 22);
  t.is(known.judge(own.key), 'known');
  t.is(known.judge(foreign.key), 'changed');
  t.is(known.algorithms, undefined);
  t.is(knownKeys([], 'leaf1', 22).judge(own.key), 'unknown');
});

test('lines of known_hosts: names, lists, patterns, negation, ports, remarks', (t) => {
  const judge = (hosts: string, host: string, port = 22) =>
    knownKeys([`${hosts} ${own.line}`], host, port).judge(own.key);
  t.is(judge('leaf1', 'leaf1'), 'known');
  t.is(judge('leaf1', 'leaf2'), 'unknown');
  t.is(judge('leaf1', 'leaf1', 2222), 'unknown', 'another port is another host');
  t.is(judge('[leaf1]:2222', 'leaf1', 2222), 'known');
  t.is(judge('spine1,192.0.2.1', '192.0.2.1'), 'known');
  t.is(judge('LEAF1', 'leaf1'), 'known');
  t.is(judge('leaf?', 'leaf7'), 'known');
  t.is(judge('leaf?', 'leaf17'), 'unknown');
  t.is(judge('*.example.net,!bad.example.net', 'good.example.net'), 'known');
  t.is(judge('*.example.net,!bad.example.net', 'bad.example.net'), 'unknown');
  t.is(judge('leaf.', 'leafx'), 'unknown', 'a dot is a dot');
  t.is(knownKeys([`# remark\n\nleaf1 ${own.line} somebody@somewhere\n`], 'leaf1', 22).judge(own.key), 'known');
});

test('names that OpenSSH has hashed', (t) => {
  const file = join(dir, 'known_hosts');
  writeFileSync(file, `leaf1 ${own.line}\n[leaf2]:2222 ${second.line}\n`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  const text = readFileSync(file, 'utf8');
  t.false(text.includes('leaf'));
  t.is(knownKeys([text], 'leaf1', 22).judge(own.key), 'known');
  t.is(knownKeys([text], 'leaf2', 2222).judge(second.key), 'known');
  t.is(knownKeys([text], 'leaf2', 22).judge(second.key), 'unknown');
  t.is(knownKeys([text], 'leaf1', 22).judge(second.key), 'changed');
});

test('a host shows a key of a type that is known', (t) => {
  t.deepEqual(knownKeys([`leaf1 ${second.line}`], 'leaf1', 22).algorithms, ['ecdsa-sha2-nistp256']);
  t.deepEqual(knownKeys([`leaf1 ${rsa.line}\nleaf1 ${own.line}`], 'leaf1', 22).algorithms, [
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-rsa',
    'ssh-ed25519',
  ]);
});

test('revoked keys are none, whatever else is known', (t) => {
  const lines = [`leaf1 ${own.line}`, `@revoked * ${own.line}`, `@cert-authority * ${foreign.line}`];
  t.is(knownKeys(lines, 'leaf1', 22).judge(own.key), 'revoked');
  t.is(knownKeys(lines, 'leaf1', 22).judge(foreign.key), 'changed', 'an authority is not the host itself');
});

test('what is neither a fingerprint nor a line', (t) => {
  for (const wrong of ['MD5:aa:bb', 'SHA256:short', 'leaf1', 'leaf1 ssh-ed25519', 'leaf1 ssh-ed25519 no*base64']) {
    t.throws(() => knownKeys([wrong], 'leaf1', 22), { instanceOf: InputError, message: /neither a fingerprint/ });
  }
});
