import test from 'ava';
import { judge } from '../../src/store/redis/client.ts';
import { createReplyReader, encodeCommand, isError, type Reply } from '../../src/store/redis/resp.ts';

test('a command is an array of bulk strings, counted in bytes', (t) => {
  t.is(encodeCommand(['SET', 'k', 'ü\r\n']), '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\nü\r\n\r\n');
});

test('replies come out whole however the bytes are cut', (t) => {
  const bytes = Buffer.from(
    '+OK\r\n-READONLY no\r\n:42\r\n$4\r\nü\r\n\r\n$-1\r\n*3\r\n$1\r\na\r\n*1\r\n:1\r\n$-1\r\n*-1\r\n*0\r\n',
  );
  const expected: Reply[] = ['OK', { error: 'READONLY no' }, 42, 'ü\r\n', null, ['a', [1], null], null, []];
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const read = createReplyReader();
    const replies: Reply[] = [];
    for (let at = 0; at < bytes.length; at += size) replies.push(...read(bytes.subarray(at, at + size)));
    t.deepEqual(replies, expected, `in pieces of ${size}`);
  }
  t.true(isError({ error: 'x' }));
  t.false(isError(['error']));
});

test('what is no reply is refused', (t) => {
  t.throws(() => createReplyReader()(Buffer.from('HTTP/1.1 400\r\n')), { message: /not a reply of Redis: "HTTP/ });
});

test('a client knows what it knows: refused is fail, no answer to a write is info, to a read fail', (t) => {
  const write = { f: 'write', key: 'k', value: 1 } as const;
  const read = { f: 'read', key: 'k', value: null } as const;
  const reply = (one: Reply) => ({ kind: 'answer', reply: one }) as const;
  t.is(judge(write, reply('OK')).type, 'ok');
  t.is(judge(write, reply({ error: "READONLY You can't write against a read only replica." })).type, 'fail');
  t.is(judge(write, reply({ error: 'NOREPLICAS Not enough good replicas to write.' })).type, 'fail');
  t.is(judge(write, { kind: 'no answer', error: 'ECONNRESET' }).type, 'info');
  t.is(judge(write, { kind: 'not sent', error: 'ECONNREFUSED' }).type, 'fail');
  t.is(judge(read, { kind: 'no answer', error: 'ECONNRESET' }).type, 'fail');
  t.deepEqual(judge(read, reply('17')), { type: 'ok', value: 17 });
  t.deepEqual(judge(read, reply(null)), { type: 'ok', value: null });
});
