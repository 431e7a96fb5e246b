/** Words for a remote shell: what SSH executes is always one string that the user's login shell reads (RFC 4254 section 6.5). */

/**
 * One command line that a POSIX shell reads as exactly these words (POSIX.1-2024, Shell Command Language, 2.2.2 Single-Quotes). Every word
 * is quoted, also harmless ones: a bare first word could be an alias, a keyword or an assignment.
 * @throws TypeError where there is no word, or one holds a NUL, which no program can be given
 */
export function shellLine(argv: readonly string[]): string {
  if (argv.length === 0) throw new TypeError('a command needs at least one word');
  return argv.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (word.includes('\0')) throw new TypeError('an argument cannot hold a NUL');
  return `'${word.replaceAll("'", "'\\''")}'`;
}
