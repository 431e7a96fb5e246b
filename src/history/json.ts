/** Histories as elle-cli reads them in JSON. */
import { InputError } from '../errors.ts';
import { clientEvents, type JepsenOptions } from './client-events.ts';
import type { History } from './operation.ts';

/**
 * The clients' operations of a JSON history: one array of objects with `type`, `f`, `process`, `value` and `time`, or such objects one
 * on a line. They come out as the same history in EDN does.
 * @throws InputError where the text is not JSON, or an event lacks a type or a function
 */
export function readJsonHistory(text: string, options: JepsenOptions = {}): History {
  const events = parse(text).map((event, index) => {
    if (typeof event !== 'object' || event === null || Array.isArray(event))
      throw new InputError(`JSON history, event ${index}: not an object`);
    const { type = null, f = null, process = null, value = null, time = null } = event as Record<string, unknown>;
    return { type, f, process, value, time };
  });
  return clientEvents(events, 'JSON', options);
}

function parse(text: string): readonly unknown[] {
  const lines = text.trimStart().startsWith('[') ? [text] : text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map((line, index): unknown => {
    try {
      return JSON.parse(line);
    } catch (cause) {
      const where = lines.length > 1 ? `, line ${index + 1}` : '';
      throw new InputError(`JSON history${where}: ${(cause as Error).message}`, { cause });
    }
  });
  return lines.length === 1 && Array.isArray(values[0]) ? (values[0] as readonly unknown[]) : values;
}
