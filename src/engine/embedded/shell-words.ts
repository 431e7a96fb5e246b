/** Splits a command into words as a POSIX shell does, expanding nothing. */

/**
 * Quotes (single, double) and backslashes are honoured; `$`, `*`, `|` and the like are ordinary characters.
 * @throws SyntaxError where a quote is not closed
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  for (let at = 0; at < command.length; at++) {
    const character = command[at]!;
    const next = command[at + 1];
    if (quote === "'") {
      if (character === "'") quote = '';
      else word += character;
    } else if (character === '\\' && next !== undefined && (quote === '' || '"\\$`'.includes(next))) {
      word += next;
      inWord = true;
      at++;
    } else if (quote === '"') {
      if (character === '"') quote = '';
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      inWord = true;
    } else if (/\s/.test(character)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += character;
      inWord = true;
    }
  }
  if (quote !== '') throw new SyntaxError(`the quote ${quote} is not closed in: ${command}`);
  if (inWord) words.push(word);
  return words;
}
