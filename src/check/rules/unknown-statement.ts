/** Statements that no rule can judge: they may be right, but a prediction that leaves them out may be wrong. */
import type { Network } from '../network.ts';
import { atStatement, type Found, type Rule } from '../rule.ts';

/** Statements about management, which change no route. */
const HARMLESS = /^(service |line vty|password |enable password |agentx|domainname |banner |debug |hostname |log )/;

export const unknownStatement: Rule = {
  name: 'unknown-statement',
  *judge({ routers }: Network): Generator<Found> {
    for (const router of routers) {
      const unknown = router.config.unknown ?? [];
      const blocks = new Set(unknown.filter(({ closedBy }) => closedBy !== undefined).map(({ text }) => text));
      for (const { text, line, context } of unknown) {
        const inner = context.at(-1);
        if (HARMLESS.test(text) || (inner !== undefined && blocks.has(inner))) continue;
        yield {
          ...atStatement(router, '', {
            severity: 'warning',
            message: `"${text}"${inner === undefined ? '' : ` in "${inner}"`} is not understood and was not judged`,
            remedy: 'Check it by hand; predictions leave it out',
          }),
          line: Math.max(1, line),
        };
      }
    }
  },
};
