import { checkDesign, type Finding, readConfigs } from '../../check/index.ts';
import { EXIT } from '../../errors.ts';
import { withSource } from '../../lab/source.ts';
import type { ParsedCommand } from '../arguments.ts';
import { settingsOf } from '../settings.ts';

/** `leafstorm check LAB|FILE|DIR`: every finding with node, file, line and why; errors fail it, warnings do not. */
export async function check({ operands, values }: ParsedCommand): Promise<number> {
  const parameters = settingsOf((values['set'] ?? []) as readonly string[]);
  const findings = await withSource(operands[0] as string, parameters, ({ topology, fabric }) => {
    const configs = readConfigs(topology);
    return checkDesign(fabric === undefined ? { topology, configs } : { topology, configs, fabric });
  });
  if (values['json']) process.stdout.write(`${JSON.stringify({ findings }, undefined, 2)}\n`);
  for (const finding of findings) process.stderr.write(`${describe(finding)}\n`);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  process.stderr.write(`${errors} errors, ${findings.length - errors} warnings\n`);
  return errors > 0 ? EXIT.fail : EXIT.pass;
}

function describe({ severity, rule, node, file, line, message, remedy }: Finding): string {
  return `${file}:${line}: ${severity}: ${node}: ${message} [${rule}]${remedy === '' ? '' : `\n  ${remedy}`}`;
}
