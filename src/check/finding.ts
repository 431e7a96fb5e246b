/** What checking finds: one defect, where it stands, and what to do about it. */

export type Severity = 'error' | 'warning';

export interface Finding {
  /** Name of the rule, as its file: `remote-as`. */
  readonly rule: string;
  /** An `error` breaks what the fabric promises; a `warning` may, or is against the design without visible harm. */
  readonly severity: Severity;
  readonly node: string;
  /** `<node>:<interface>--<node>:<interface>`, where the finding concerns one link. */
  readonly link?: string;
  readonly file: string;
  /** Counted from 1: the statement, or the block where one is missing. */
  readonly line: number;
  readonly message: string;
  /** What to do, as a full sentence without its stop. */
  readonly remedy: string;
}

/** Errors first, then by file, line, rule and message. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    Number(left.severity === 'warning') - Number(right.severity === 'warning') ||
    compareText(left.file, right.file) ||
    left.line - right.line ||
    compareText(left.rule, right.rule) ||
    compareText(left.message, right.message)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
