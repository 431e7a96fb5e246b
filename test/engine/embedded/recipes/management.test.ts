import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { prepareManagement } from '../../../../src/engine/embedded/recipes/management.ts';

const root = mkdtempSync(join(tmpdir(), 'leafstorm-management-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

const node = (files: readonly string[], folder: string) => ({
  name: 'r1',
  root: join(root, folder),
  log: join(root, folder, 'log'),
  cmd: [],
  entrypoint: [],
  readFile: (path: string) => (files.includes(path) ? '' : undefined),
});

test('nothing runs unless the node is given its configuration', (t) => {
  t.deepEqual(prepareManagement(node(['/etc/frr/frr.conf'], 'none')), []);
  t.false(existsSync(join(root, 'none')));
});

test('each service runs where its configuration is, an empty one too, with the folders that it needs', (t) => {
  const both = prepareManagement(node(['/etc/ssh/sshd_config', '/etc/snmp/snmpd.conf'], 'both'));
  t.deepEqual(
    both.map(({ name }) => name),
    ['snmpd', 'sshd'],
  );
  t.is(statSync(join(root, 'both/var/lib/snmp')).mode & 0o777, 0o700);
  t.is(statSync(join(root, 'both/run/sshd')).mode & 0o777, 0o755);
  t.deepEqual(
    prepareManagement(node(['/etc/ssh/sshd_config'], 'ssh')).map(({ name }) => name),
    ['sshd'],
  );
  t.deepEqual(readdirSync(join(root, 'ssh')), ['run']);
});

test('a command has no word with a blank: process 1 splits them there', (t) => {
  const both = prepareManagement(node(['/etc/ssh/sshd_config', '/etc/snmp/snmpd.conf'], 'words'));
  t.true(both.flatMap(({ argv }) => argv).every((word) => /^\S+$/.test(word)));
});
