/** What `check` found, as assertions: errors fail the run, warnings are told. */
import { type Assertion, judgeAll } from '../assert/index.ts';
import type { Finding } from '../check/index.ts';

export function assertFindings(lab: string, nodes: number, findings: readonly Finding[]): readonly Assertion[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const defects = errors.map(({ rule, node, link, file, line, message }) => {
    return { target: node || (link ?? lab), why: `${rule}: ${message} (${file}:${line})` };
  });
  return judgeAll('check', lab, 'nodes', nodes, defects);
}
