/** RESP, the protocol of Redis (version 2): commands as arrays of bulk strings, and the five kinds of reply. */

/** An error reply is a value: it answers the command. */
export interface ErrorReply {
  /** `READONLY You can't write against a read only replica.` */
  readonly error: string;
}

export type Reply = string | number | null | ErrorReply | readonly Reply[];

export function isError(reply: Reply): reply is ErrorReply {
  return typeof reply === 'object' && reply !== null && 'error' in reply;
}

export function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Takes bytes as they come and gives the replies that they complete. @throws Error where they are no RESP */
export function createReplyReader(): (chunk: Buffer) => readonly Reply[] {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const replies: Reply[] = [];
    for (;;) {
      const read = readReply(held, 0);
      if (read === undefined) return replies;
      replies.push(read.reply);
      held = held.subarray(read.end);
    }
  };
}

/** One reply from a place on; undefined where it is not all there yet. */
function readReply(bytes: Buffer, from: number): { readonly reply: Reply; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', from);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (bytes[from]) {
    case 0x2b: // +
      return { reply: line, end };
    case 0x2d: // -
      return { reply: { error: line }, end };
    case 0x3a: // :
      return { reply: Number(line), end };
    case 0x24: {
      // $
      const length = Number(line);
      if (length < 0) return { reply: null, end };
      if (bytes.length < end + length + 2) return undefined;
      return { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 };
    }
    case 0x2a: {
      // *
      const count = Number(line);
      if (count < 0) return { reply: null, end };
      const replies: Reply[] = [];
      let at = end;
      for (let item = 0; item < count; item++) {
        const read = readReply(bytes, at);
        if (read === undefined) return undefined;
        replies.push(read.reply);
        at = read.end;
      }
      return { reply: replies, end: at };
    }
    default:
      throw new Error(
        `not a reply of Redis: ${JSON.stringify(bytes.toString('latin1', from, Math.min(lineEnd, from + 40)))}`,
      );
  }
}
