/** Scalars as YAML: plain where everybody reads them the same, quoted otherwise. */

/** Starts with a letter, `_`, `/`, `./` or `../`; no character that any YAML version gives a meaning here. */
const PLAIN = /^(?:[A-Za-z_/]|\.\.?\/)[A-Za-z0-9_/.+=@%~^()-]*(?:[ :,][A-Za-z0-9_/.+=@%~^()-]+)*$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
/** Words that YAML 1.1 or 1.2, or a lenient reader of them, takes for something other than text. */
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n|e[-+]?\d+)$/i;

/** Text as a YAML scalar on one line, a dollar sign doubled as containerlab wants it. */
export function writeText(text: string): string {
  const escaped = text.includes('$') ? text.replaceAll('$', '$$$$') : text;
  if ((PLAIN.test(escaped) && !RESERVED.test(escaped)) || IPV4.test(escaped)) return escaped;
  return writeQuoted(escaped);
}

/** Text in double quotes, a dollar sign doubled. For endpoints, which containerlab's own files quote. */
export function writeQuotedText(text: string): string {
  return writeQuoted(text.includes('$') ? text.replaceAll('$', '$$$$') : text);
}

/** JSON is YAML, but for the characters that YAML does not call printable. */
function writeQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** @throws RangeError for a number that is not finite */
export function writeScalar(value: string | number | boolean | null): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`a topology cannot hold the number ${value}`);
  return String(value);
}

/**
 * Lines of a literal block (`|`) that gives a text back exactly, its first line the indicator; undefined where the text
 * has one line, or has what a block cannot show.
 */
export function writeBlock(text: string): readonly string[] | undefined {
  if (!/^[^\s][^\n]*\n/.test(text) || !/^[\n\x20-\x7e\u00a0-\u2027\u2030-\ud7ff\ue000-\ufefe]*$/.test(text))
    return undefined;
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.replaceAll('$', '$$$$').split('\n');
  // A line of nothing but spaces, or an empty one at the end, would depend on the indicator.
  if (lines.some((line) => /^\s+$/.test(line)) || lines.at(-1) === '') return undefined;
  return [text.endsWith('\n') ? '|' : '|-', ...lines];
}
