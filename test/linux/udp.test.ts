import { closeSync } from 'node:fs';
import test from 'ava';
import { datagramReader, openUdp, sendDatagram, socketAddress } from '../../src/linux/udp.ts';

const PORT = 64_011;

for (const family of [4, 6] as const) {
  const loopback = family === 4 ? '127.0.0.1' : '::1';
  test.serial(`IPv${family}: datagrams arrive whole, in batches and beyond`, (t) => {
    const receiver = openUdp({ family, port: PORT, receiveBuffer: 1 << 20 });
    const sender = openUdp({ family, address: loopback, port: PORT + 1 });
    try {
      const to = socketAddress(family, loopback, PORT);
      for (let i = 0; i < 150; i++) t.is(sendDatagram(sender, Buffer.of(i, 1, 2, i), to), 0);
      t.is(sendDatagram(sender, Buffer.of(200), to), 0);
      const read = datagramReader(4);
      const seen: number[][] = [];
      t.is(
        read(receiver, (datagram) => seen.push([...datagram])),
        151,
      );
      t.deepEqual(seen, [...Array.from({ length: 150 }, (_, i) => [i, 1, 2, i]), [200]]);
      t.is(
        read(receiver, () => t.fail()),
        0,
      );
    } finally {
      closeSync(receiver);
      closeSync(sender);
    }
  });
}

test.serial('a reader survives garbage collection between its reads', (t) => {
  const receiver = openUdp({ family: 4, address: '127.0.0.1', port: PORT });
  try {
    const to = socketAddress(4, '127.0.0.1', PORT);
    const read = datagramReader(4);
    for (let round = 0; round < 20; round++) {
      // Enough allocation to move and collect what nothing refers to.
      const rubbish = Array.from({ length: 200 }, () => Buffer.allocUnsafeSlow(100_000).fill(round));
      t.is(rubbish.length, 200);
      sendDatagram(receiver, Buffer.of(round, 0, 0, 7), to);
      const seen: number[] = [];
      read(receiver, (datagram) => seen.push(datagram[0]!, datagram[3]!));
      t.deepEqual(seen, [round, 7]);
    }
  } finally {
    closeSync(receiver);
  }
});

test.serial('a sender may be bound to an address that is not there; what it cannot send is an errno', (t) => {
  const sender = openUdp({ family: 4, address: '192.0.2.1', port: PORT });
  t.not(sendDatagram(sender, Buffer.of(1), socketAddress(4, '127.0.0.1', PORT + 1)), 0);
  closeSync(sender);
});

test.serial('a port that is taken is an error with its address', (t) => {
  const first = openUdp({ family: 4, address: '127.0.0.1', port: PORT });
  t.throws(() => openUdp({ family: 4, address: '127.0.0.1', port: PORT }), {
    code: 'EADDRINUSE',
    message: /127\.0\.0\.1/,
  });
  closeSync(first);
});

test('an address of the wrong family is refused', (t) => {
  t.throws(() => socketAddress(4, '::1', 1), { message: /not an IPv4/ });
  t.throws(() => socketAddress(6, '127.0.0.1', 1), { message: /not an IPv6/ });
});
