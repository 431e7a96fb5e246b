/** Which running lab the user means. */
import { embedded } from '../engine/embedded/index.ts';
import { InputError } from '../errors.ts';
import { requireLabName, topologyFileOf, topologyIn } from '../lab/source.ts';
import type { ParsedCommand } from './arguments.ts';

/** An operand, `--name`, the name in `-t FILE`, or the only lab there is. @throws InputError where that does not tell */
export async function runningName(
  operand: string | undefined,
  values: ParsedCommand['values'],
  there?: readonly string[],
): Promise<string> {
  const given = operand ?? values['name'];
  if (typeof given === 'string') return requireLabName(given);
  if (typeof values['topo'] === 'string') return topologyIn(topologyFileOf(values['topo'])).name;
  const labs = there ?? (await embedded.labs());
  if (labs.length === 1) return labs[0] as string;
  throw new InputError(labs.length === 0 ? 'no lab is running' : `which lab? Running are ${labs.join(', ')}; name one`);
}

/** As `runningName`, for verbs whose operand is a node or a link of it: `--name LAB`, or the only lab there is. */
export function labOf(values: ParsedCommand['values']): Promise<string> {
  return runningName(undefined, values);
}
