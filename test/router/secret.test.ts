import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { readSecret } from '../../src/router/secret.ts';

const dir = mkdtempSync(join(tmpdir(), 'leafstorm-secret-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const file = join(dir, 'secret');

test('from a file of its owner alone, without the line end', (t) => {
  writeFileSync(file, 'two words \r\n', { mode: 0o600 });
  t.is(readSecret({ file }, 'password of r1'), 'two words ');
  chmodSync(file, 0o640);
  t.throws(() => readSecret({ file }, 'password of r1'), {
    instanceOf: InputError,
    message: /password of r1: others .*chmod 600/,
  });
});

test('from the environment', (t) => {
  process.env['LEAFSTORM_TEST_SECRET'] = 'word';
  t.is(readSecret({ env: 'LEAFSTORM_TEST_SECRET' }, 'password of r1'), 'word');
  process.env['LEAFSTORM_TEST_SECRET'] = '';
  t.throws(() => readSecret({ env: 'LEAFSTORM_TEST_SECRET' }, 'password of r1'), { message: /is empty/ });
  delete process.env['LEAFSTORM_TEST_SECRET'];
  t.throws(() => readSecret({ env: 'LEAFSTORM_TEST_SECRET' }, 'password of r1'), {
    instanceOf: InputError,
    message: 'password of r1: the environment has no LEAFSTORM_TEST_SECRET',
  });
});

test('a file that is not there', (t) => {
  t.throws(() => readSecret({ file: join(dir, 'none') }, 'community of r1'), {
    instanceOf: InputError,
    message: /ENOENT/,
  });
});
