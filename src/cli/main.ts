/** The command: one verb, one module. Only what the verb needs is loaded. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Stripping types and compiling costs more than most verbs' own work; the second start takes both from the cache.
enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compile'));

const { EXIT, InputError, MissingError, UsageError } = await import('../errors.ts');

/** What a verb gives back is the exit status. */
export type Verb = (command: import('./arguments.ts').ParsedCommand) => Promise<number>;

async function main(argv: readonly string[]): Promise<number> {
  const { helpText, parseCommand, usageLine, verbs } = await import('./arguments.ts');
  const [verb = ''] = argv;
  if (argv.length === 0 || verb === 'help' || verb === '--help' || verb === '-h') {
    process.stdout.write(helpText());
    return argv.length === 0 ? EXIT.usage : EXIT.pass;
  }
  if (Object.hasOwn(verbs, verb) && (argv.includes('--help') || argv.includes('-h'))) {
    process.stdout.write(`leafstorm ${usageLine(verb)}\n  ${verbs[verb]?.summary}\n`);
    return EXIT.pass;
  }
  const command = parseCommand(argv);
  const module: { readonly [name: string]: Verb } = await import(`./verbs/${command.verb}.ts`);
  return (module[command.verb] as Verb)(command);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = tell(error);
}

/** One clear message for what the user can mend; the stack only for what is ours to mend. */
function tell(error: unknown): number {
  const say = (text: string) => process.stderr.write(`leafstorm: ${text}\n`);
  if (error instanceof UsageError) {
    say(error.message);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    for (const problem of error.problems) say(problem);
    return EXIT.input;
  }
  if (error instanceof MissingError) {
    say(error.message);
    return EXIT.missing;
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') {
    say(`the disk is full: ${(error as Error).message}; free some space and start again`);
    return EXIT.missing;
  }
  if (code === 'EADDRINUSE') {
    say(`a port is taken: ${(error as Error).message}; end what holds it and start again`);
    return EXIT.missing;
  }
  say(
    error instanceof Error
      ? process.env['LEAFSTORM_DEBUG']
        ? (error.stack ?? error.message)
        : error.message
      : String(error),
  );
  return EXIT.unknown;
}
