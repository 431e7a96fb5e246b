/** Reads a recorded history. */
import { readFileSync } from 'node:fs';
import { InputError } from '../errors.ts';
import type { History } from './operation.ts';

/**
 * The events of a `history.jsonl`. A last line without its end is left out: the writer was stopped in the middle of it.
 * @throws InputError with file and line where a line is no event
 */
export function readHistory(path: string): History {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  return lines.map((line, index) => {
    try {
      const event = JSON.parse(line) as History[number];
      if (!['invoke', 'ok', 'fail', 'info'].includes(event.type)) throw new Error(`no event type: ${event.type}`);
      return event;
    } catch (cause) {
      throw new InputError(`${path}:${index + 1}: not an event of a history (${(cause as Error).message})`, { cause });
    }
  });
}
