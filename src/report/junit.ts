/** `verdict.json` as JUnit XML, for CI: one test case an assertion, a fault and a store; `unknown` is an error, not a failure. */
import type { Verdict } from '../verdict.ts';

interface Case {
  readonly classname: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly why: string;
  readonly seconds?: number;
}

/** What JUnit needs of a verdict file. */
export interface JUnitInput {
  readonly lab: string;
  readonly assertions: readonly {
    readonly name: string;
    readonly target: string;
    readonly verdict: Verdict;
    readonly why: string;
  }[];
  readonly faults: readonly {
    readonly kind: string;
    readonly target: string;
    readonly verdict: Verdict;
    readonly proof: { readonly evidence: string };
    /** Where it is not a pass. */
    readonly why?: string;
    readonly fibMs: number | null;
  }[];
  readonly stores: readonly {
    readonly name: string;
    readonly checker: string;
    readonly verdict: Verdict;
    readonly lost: number;
  }[];
}

/** The whole document as text. */
export function junit({ lab, assertions, faults, stores }: JUnitInput): string {
  const cases: Case[] = [
    ...assertions.map(({ name, target, verdict, why }) => ({
      classname: lab,
      name: `${name} ${target}`,
      verdict,
      why,
    })),
    ...faults.map(({ kind, target, verdict, proof, why, fibMs }) => ({
      classname: `${lab}.fault`,
      name: `${kind} ${target}`,
      verdict,
      why: why ?? proof.evidence,
      ...(fibMs === null ? {} : { seconds: fibMs / 1000 }),
    })),
    ...stores.map(({ name, checker, verdict, lost }) => ({
      classname: `${lab}.store`,
      name: `${name} ${checker}`,
      verdict,
      why: `${lost} acknowledged operations lost`,
    })),
  ];
  const count = (verdict: Verdict) => cases.filter((one) => one.verdict === verdict).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(lab)}" tests="${cases.length}" failures="${count('fail')}" errors="${count('unknown')}">`,
    ...cases.map(testCase),
    '</testsuite>',
    '',
  ].join('\n');
}

function testCase({ classname, name, verdict, why, seconds }: Case): string {
  const open = `  <testcase classname="${escapeXml(classname)}" name="${escapeXml(name)}"${seconds === undefined ? '' : ` time="${seconds.toFixed(3)}"`}`;
  if (verdict === 'pass') return `${open}/>`;
  const tag = verdict === 'fail' ? 'failure' : 'error';
  return `${open}><${tag} message="${escapeXml(why)}"/></testcase>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, '')
    .replace(/[&<>"'\n]/g, (character) => ENTITIES[character] as string);
}
