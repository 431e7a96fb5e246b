/** Histories as Jepsen, Knossos and elle-cli write them, in EDN. */
import { InputError } from '../errors.ts';
import { type ClientEvent, clientEvents, type JepsenOptions } from './client-events.ts';
import { type Edn, keyword, readEdn } from './edn.ts';
import type { History } from './operation.ts';

export type { JepsenOptions };

/**
 * The clients' operations of an EDN history: one list of maps, or maps one after the other. What the nemesis did is left out.
 * A read's invocation may hold nil or, as the tools' own filled-in histories do, the value that it is going to return.
 * @throws InputError where an event lacks a type or a function
 */
export function readJepsenHistory(text: string, options: JepsenOptions = {}): History {
  const forms = readEdn(text);
  const events = forms.length === 1 && Array.isArray(forms[0]) ? (forms[0] as readonly Edn[]) : forms;
  return clientEvents(
    events.map((form, index): ClientEvent => {
      const event = typeof form === 'object' && form !== null && 'tag' in form ? form.value : form;
      if (!(event instanceof Map)) throw new InputError(`EDN history, event ${index}: not a map`);
      const field = (name: string): unknown => plain(event.get(keyword(name)) ?? null);
      return {
        type: field('type'),
        f: field('f'),
        process: field('process'),
        value: field('value'),
        time: field('time'),
      };
    }),
    'EDN',
    options,
  );
}

/** Plain JSON-like data: keywords become strings, maps become objects. */
function plain(value: Edn): unknown {
  if (typeof value === 'symbol') return value.description!.slice(1);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(plain(k)), plain(v)]));
  if (value instanceof Set) return [...value].map(plain);
  return 'tag' in value ? plain((value as { value: Edn }).value) : (value as { name: string }).name;
}
