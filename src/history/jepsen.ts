/** Histories as Jepsen and Knossos write them. */
import { InputError } from '../errors.ts';
import { type Edn, keyword, readEdn } from './edn.ts';
import type { History, Outcome } from './operation.ts';

export interface JepsenOptions {
  /** Values are `[key value]` pairs (`jepsen.independent`). Default: one object without a key. */
  readonly keyed?: boolean;
}

const TYPES: ReadonlyMap<Edn, 'invoke' | Outcome> = new Map([
  [keyword('invoke'), 'invoke'],
  [keyword('ok'), 'ok'],
  [keyword('fail'), 'fail'],
  [keyword('info'), 'info'],
] as const);

/**
 * The clients' operations of an EDN history: one list of maps, or maps one after the other. What the nemesis did is left out.
 * A read's invocation may hold nil or, as the tools' own filled-in histories do, the value that it is going to return.
 * @throws InputError where an event lacks a type, a process or a function
 */
export function readJepsenHistory(text: string, options: JepsenOptions = {}): History {
  const forms = readEdn(text);
  const events = forms.length === 1 && Array.isArray(forms[0]) ? (forms[0] as readonly Edn[]) : forms;
  const history: History[number][] = [];
  for (const [index, form] of events.entries()) {
    const event = typeof form === 'object' && form !== null && 'tag' in form ? form.value : form;
    if (!(event instanceof Map)) throw new InputError(`EDN history, event ${index}: not a map`);
    const field = (name: string): Edn => event.get(keyword(name)) ?? null;
    const process = field('process');
    if (typeof process !== 'number') continue;
    const type = TYPES.get(field('type'));
    const f = field('f');
    if (type === undefined || typeof f !== 'symbol')
      throw new InputError(`EDN history, event ${index}: no :type or no :f`);
    const time = field('time');
    const atMs = typeof time === 'number' ? time / 1e6 : index;
    let value = plain(field('value'));
    let key: string | undefined;
    if (options.keyed) {
      if (!Array.isArray(value) || value.length !== 2)
        throw new InputError(`EDN history, event ${index}: the value is not [key value]`);
      key = String(value[0]);
      value = value[1];
    }
    history.push({ type, process, f: f.description!.slice(1), value, atMs, ...(key === undefined ? {} : { key }) });
  }
  return history;
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
