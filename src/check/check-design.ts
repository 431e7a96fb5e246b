/** Judges configurations without booting anything. */
import { compareFindings, type Finding } from './finding.ts';
import { type DesignInput, joinNetwork } from './network.ts';
import { rules } from './rules/index.ts';

/**
 * Everything that is wrong with generated, edited or foreign configurations: errors first, then by file and line. Frozen.
 * With a fabric, configurations are judged against it; without, by what contradicts itself.
 */
export function checkDesign(input: DesignInput): readonly Finding[] {
  const network = joinNetwork(input);
  const findings = rules.flatMap(({ name, judge }) =>
    [...judge(network)].map((found) => Object.freeze({ rule: name, ...found })),
  );
  return Object.freeze(findings.sort(compareFindings));
}
