import { captureArgv, embedded } from '../../engine/embedded/index.ts';
import { InputError, UsageError } from '../../errors.ts';
import type { ParsedCommand } from '../arguments.ts';
import { attachTerminal } from '../foreground.ts';
import { labOf } from '../running.ts';

/** `leafstorm capture NODE:INTERFACE [-w FILE]`: pcap of a link end until Ctrl-C, or of so many packets. */
export async function capture({ operands, values }: ParsedCommand): Promise<number> {
  const [end = ''] = operands;
  const lab = await embedded.attach(await labOf(values));
  const known = lab.links.flatMap(({ a, z }) => [a, z]);
  const found = known.find((one) => `${one.node}:${one.interface}` === end);
  if (found === undefined) {
    throw new InputError(
      `${lab.name}: there is no link end '${end}'; write NODE:INTERFACE, such as ${known[0]?.node}:${known[0]?.interface}`,
    );
  }
  const count = values['count'] as string | undefined;
  if (count !== undefined && !/^[1-9]\d*$/.test(count))
    throw new UsageError(`--count ${count}: write a number of packets`);
  const file = (values['write'] as string | undefined) ?? '-';
  if (file === '-' && process.stdout.isTTY)
    throw new UsageError('a pcap is no text: give a file with -w FILE, or a pipe');
  return attachTerminal(captureArgv(lab, found, { file, ...(count === undefined ? {} : { count: Number(count) }) }));
}
