/** The client against an SSH server on loopback that does what real ones rarely do. A real sshd is in `test/labs/management.test.ts`. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { InputError } from '../../src/errors.ts';
import { openSsh, SshError, type SshOptions } from '../../src/router/ssh.ts';
import { hostKeyOf } from '../../src/router/ssh-host-keys.ts';

const PASSWORD = 'hunter2-$(id)';
const hostKeys = ssh2.utils.generateKeyPairSync('ed25519');
const fingerprint = hostKeyOf(Buffer.from(hostKeys.public.split(' ')[1]!, 'base64')).fingerprint;
const dir = mkdtempSync(join(tmpdir(), 'leafstorm-ssh-'));
const passwordFile = join(dir, 'password');
writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
/** What a failed test leaves open would keep this process alive. */
const open: Connection[] = [];
test.after.always(() => {
  for (const client of open) client.end();
  rmSync(dir, { recursive: true, force: true });
});

interface Behaviour {
  readonly login?: 'password' | 'keyboard-interactive' | 'two questions';
  /** Called with the command line of each `exec`. */
  readonly onExec?: (line: string, accept: () => ServerChannel, client: Connection) => void;
}

/** Starts a server; its port, and the logins that it saw. */
async function serve({ login = 'password', onExec }: Behaviour) {
  const server = new ssh2.Server({ hostKeys: [hostKeys.private] }, (client) => {
    open.push(client.on('error', () => {}));
    client.on('authentication', (context) => {
      if (context.method === 'password' && login === 'password' && context.password === PASSWORD)
        return context.accept();
      if (context.method === 'keyboard-interactive' && login !== 'password') {
        const questions = [{ prompt: 'Password: ', echo: false }];
        if (login === 'two questions') questions.push({ prompt: 'Token: ', echo: false });
        return context.prompt(questions, (answers) => {
          if (answers.length === 1 && answers[0] === PASSWORD) context.accept();
          else context.reject();
        });
      }
      context.reject([login === 'password' ? 'password' : 'keyboard-interactive']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => onExec?.(command, acceptExec, client));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

const options = (port: number, more: Partial<SshOptions> = {}): SshOptions => ({
  node: 'leaf1',
  host: '127.0.0.1',
  port,
  username: 'operator',
  hostKeys: [fingerprint],
  auth: { password: { file: passwordFile } },
  ...more,
});

test('output, status and signal of a command; words arrive quoted', async (t) => {
  const server = await serve({
    onExec(line, accept) {
      const channel = accept();
      channel.write(`${line}\n`);
      channel.stderr.write('careful\n');
      if (line.includes('killed')) channel.exit('KILL', false, '');
      else channel.exit(3);
      channel.end();
    },
  });
  const ssh = await openSsh(options(server.port));
  t.is(ssh.hostKey.fingerprint, fingerprint);
  t.deepEqual(await ssh.exec(['show', "a'b"]), { code: 3, stdout: "'show' 'a'\\''b'\n", stderr: 'careful\n' });
  t.is((await ssh.command('killed')).code, 137);
  t.deepEqual(
    (await Promise.all([ssh.command('one'), ssh.command('two')])).map(({ stdout }) => stdout),
    ['one\n', 'two\n'],
  );
  ssh.close();
  await t.throwsAsync(ssh.command('late'), { instanceOf: SshError, message: /^leaf1: ssh: .*the client is closed$/ });
  server.close();
});

test('a login that asks for the password, and one that asks for more', async (t) => {
  for (const login of ['keyboard-interactive', 'two questions'] as const) {
    const server = await serve({ login });
    if (login === 'keyboard-interactive') (await openSsh(options(server.port))).close();
    else await t.throwsAsync(openSsh(options(server.port)), { message: /refuses the login of user operator/ });
    server.close();
  }
});

test('a wrong password is refused, and is in no message', async (t) => {
  const server = await serve({});
  const wrong = 'not-the-password';
  writeFileSync(join(dir, 'wrong'), wrong, { mode: 0o600 });
  const error = await t.throwsAsync(
    openSsh(options(server.port, { auth: { password: { file: join(dir, 'wrong') } } })),
    {
      instanceOf: SshError,
      message: /^leaf1: ssh: 127\.0\.0\.1:\d+: refuses the login of user operator$/,
    },
  );
  t.false(JSON.stringify(error, Object.getOwnPropertyNames(error)).includes(wrong));
  t.false(String(error?.cause).includes(wrong));
  server.close();
});

test('host keys: none known, another known, asked for', async (t) => {
  let execs = 0;
  const server = await serve({ onExec: () => execs++ });
  const other = `SHA256:${'A'.repeat(43)}`;
  const seen = fingerprint.replace(/[+/]/g, '\\$&');
  await t.throwsAsync(openSsh(options(server.port, { hostKeys: [] })), {
    instanceOf: SshError,
    message: new RegExp(
      `^leaf1: ssh: 127\\.0\\.0\\.1:\\d+ shows host key ${seen} \\(ssh-ed25519\\), and no key of it is known`,
    ),
  });
  const asked: string[] = [];
  const trustUnknown = (key: { fingerprint: string }) => asked.push(key.fingerprint) > 0;
  await t.throwsAsync(openSsh(options(server.port, { hostKeys: [other], trustUnknown })), {
    message: /none of the keys known for it/,
  });
  t.deepEqual(asked, [], 'a changed key is no question');
  await t.throwsAsync(openSsh(options(server.port, { hostKeys: [], trustUnknown: () => false })), {
    instanceOf: SshError,
  });
  (await openSsh(options(server.port, { hostKeys: [], trustUnknown }))).close();
  t.deepEqual(asked, [fingerprint]);
  t.is(execs, 0);
  server.close();
});

test('a command that does not end, one without a status, and a connection that breaks', async (t) => {
  const server = await serve({
    onExec(line, accept, client) {
      if (line === 'hangs') accept();
      if (line === 'silent end') accept().end();
      if (line === 'breaks') client.end();
      if (line === 'refused') return;
    },
  });
  const ssh = await openSsh(options(server.port));
  await t.throwsAsync(ssh.command('hangs', { timeoutMs: 50 }), {
    message: /leaf1: ssh: .*no end of "hangs" within 50 ms/,
  });
  await t.throwsAsync(ssh.command('refused', { timeoutMs: 50 }), { message: /within 50 ms/ });
  await t.throwsAsync(ssh.command('silent end'), { message: /without an exit status/ });
  await t.throwsAsync(ssh.command('breaks'), { instanceOf: SshError });
  await t.throwsAsync(ssh.command('after'), { message: /connection (closed|lost)/ });
  server.close();
});

/** A TCP server that is no SSH server. */
async function fake(onConnection: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

test('nobody there, nothing said, nonsense said, hung up', async (t) => {
  const gone = await fake(() => {});
  gone.close();
  await t.throwsAsync(openSsh(options(gone.port)), { instanceOf: SshError, message: /ECONNREFUSED/ });
  const behaviours: readonly ((socket: Socket) => void)[] = [
    () => {},
    (socket) => socket.write('HTTP/1.0 400 Bad Request\r\n\r\n'.repeat(50)),
    (socket) => socket.end(),
    (socket) => socket.end('SSH-2.0-x\r\n\0\0\0\x0c\x0a\x14nonsense'),
    (socket) => socket.resetAndDestroy(),
  ];
  for (const behaviour of behaviours) {
    const server = await fake(behaviour);
    await t.throwsAsync(openSsh(options(server.port, { timeoutMs: 300 })), {
      instanceOf: SshError,
      message: /^leaf1: ssh: /,
    });
    server.close();
  }
});

test('a router that falls silent under a command', async (t) => {
  const server = await serve({ onExec: (_line, accept) => accept() });
  const held: { stop: boolean } = { stop: false };
  const relay = await fake((inside) => {
    const outside = new (inside.constructor as typeof Socket)().connect(server.port, '127.0.0.1').on('error', () => {});
    inside.on('data', (data) => held.stop || outside.write(data));
    outside.on('data', (data) => held.stop || inside.write(data));
    inside.on('close', () => outside.destroy());
  });
  const ssh = await openSsh(options(relay.port, { keepaliveMs: 30 }));
  const answer = ssh.command('waits');
  held.stop = true;
  await t.throwsAsync(answer, { instanceOf: SshError, message: /connection lost: Keepalive timeout/ });
  relay.close();
  server.close();
});

test('secrets and known hosts that cannot be used, before anything is connected', async (t) => {
  const connect = () => t.fail('connected') as never;
  await t.throwsAsync(openSsh(options(1, { auth: { password: { env: 'LEAFSTORM_NO_SUCH' } }, connect })), {
    instanceOf: InputError,
    message: 'password of leaf1: the environment has no LEAFSTORM_NO_SUCH',
  });
  await t.throwsAsync(openSsh(options(1, { hostKeys: ['nonsense'], connect })), { instanceOf: InputError });
});

test('a private key that is none says so without showing it', async (t) => {
  const server = await serve({});
  const error = await t.throwsAsync(openSsh(options(server.port, { auth: { privateKey: { file: passwordFile } } })), {
    instanceOf: SshError,
    message: /privateKey/,
  });
  t.false(error?.message.includes(PASSWORD));
  server.close();
});
