/** IP addresses between bytes and their canonical text. */

/** Dotted decimal of 4 bytes. */
export function ipv4Text(bytes: Uint8Array, offset = 0): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}

/** RFC 5952 text of 16 bytes: lower case, the first longest run of two or more zero groups as `::`, IPv4-mapped addresses in mixed notation (section 5). */
export function ipv6Text(bytes: Uint8Array, offset = 0): string {
  const groups: number[] = [];
  for (let i = offset; i < offset + 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!);
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${ipv4Text(bytes, offset + 12)}`;
  }
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/**
 * Bytes of an IPv4 or IPv6 address (4 or 16).
 * @throws Error where the text is no address
 */
export function addressBytes(text: string): Uint8Array {
  const bytes = text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
  if (bytes === undefined) throw new Error(`not an IP address: ${JSON.stringify(text)}`);
  return bytes;
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return Uint8Array.from(parts.map(Number));
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const tail = /^(.*:)([\d.]+\.[\d.]+)$/.exec(text);
  const mapped = tail ? ipv4Bytes(tail[2]!) : undefined;
  if (tail && mapped === undefined) return undefined;
  const hex = (bytes: Uint8Array) => `${((bytes[0]! << 8) | bytes[1]!).toString(16)}`;
  const plain = mapped ? `${tail![1]}${hex(mapped)}:${hex(mapped.subarray(2))}` : text;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = left!.concat(right ?? []);
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const zeros = 8 - groups.length;
  if (right === undefined ? zeros !== 0 : zeros < 1) return undefined;
  const all = [...left!, ...Array<string>(right === undefined ? 0 : zeros).fill('0'), ...(right ?? [])];
  return Uint8Array.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}
