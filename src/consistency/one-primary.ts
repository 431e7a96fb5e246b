/** One primary at a time: no server acknowledges anything once another has acknowledged in a later epoch. */
import type { Acknowledger, History } from '../history/operation.ts';
import { type Operation, pair } from '../history/pair.ts';
import type { Checker, CheckResult } from './checker.ts';
import { describeOperation } from './describe.ts';

type Acknowledged = Operation & { readonly returned: number; readonly by: Acknowledger };

/**
 * Judges by what clients were told, reads included: each acknowledgement says which server gave it, in which epoch of its service. An
 * epoch belongs to one server; and what was invoked after an acknowledgement of a later epoch must not be acknowledged by an earlier one.
 * What both had open at the same time may have been done before the change, and is right.
 */
export function onePrimary(): Checker {
  return Object.freeze({
    name: 'one primary',
    check(history: History): CheckResult {
      const acknowledged = pair(history).filter(({ outcome }) => outcome === 'ok');
      const known = acknowledged.flatMap((operation): readonly Acknowledged[] => {
        const { by } = history[operation.returned!] as { readonly by?: Acknowledger };
        return by === undefined ? [] : [{ ...operation, returned: operation.returned!, by }];
      });
      const result = (verdict: CheckResult['verdict'], why: string, offending: readonly number[] = []) =>
        Object.freeze<CheckResult>({ verdict, why, offending, steps: acknowledged.length });

      /** The acknowledgement that came first in each epoch. */
      const first = new Map<number, Acknowledged>();
      for (const each of known) {
        if (each.returned < (first.get(each.by.epoch)?.returned ?? Infinity)) first.set(each.by.epoch, each);
      }
      // Of all later epochs the earliest acknowledgement ends an epoch.
      const endedBy = new Map<number, Acknowledged>();
      let earliest: Acknowledged | undefined;
      for (const epoch of [...first.keys()].sort((a, b) => b - a)) {
        if (earliest !== undefined) endedBy.set(epoch, earliest);
        const opened = first.get(epoch)!;
        if (earliest === undefined || opened.returned < earliest.returned) earliest = opened;
      }

      const late = known.filter(({ by, invoked }) => invoked > (endedBy.get(by.epoch)?.returned ?? Infinity));
      if (late.length > 0) {
        const one = late[0]!;
        const newer = endedBy.get(one.by.epoch)!;
        const why = `two primaries: ${late.length} operations were acknowledged by one after another had acknowledged in a later epoch; ${words(newer)}, and after that ${words(one)}`;
        return result('fail', why, [newer.invoked, one.invoked]);
      }
      const twin = known.find(({ by }) => by.server !== first.get(by.epoch)!.by.server);
      if (twin !== undefined) {
        const other = first.get(twin.by.epoch)!;
        const offending = [other.invoked, twin.invoked].sort((a, b) => a - b);
        return result('fail', `two primaries in one epoch: ${words(other)}, and ${words(twin)}`, offending);
      }
      const unknown = acknowledged.length - known.length;
      if (known.length === 0) return result('unknown', 'no acknowledgement says which server gave it');
      if (unknown > 0) return result('unknown', `${unknown} acknowledgements do not say which server gave them`);
      const servers = new Set(known.map(({ by }) => by.server)).size;
      return result(
        'pass',
        `${known.length} acknowledgements of ${servers} servers in ${first.size} epochs, never of two at a time`,
      );
    },
  });
}

function words(operation: Acknowledged): string {
  const { server, epoch } = operation.by;
  return `server ${server} acknowledged in epoch ${epoch} the ${describeOperation(operation)}`;
}
