/** The `frr.conf` files that lie beside the project, where they do. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inputs = fileURLToPath(new URL('../../../shared/inputs', import.meta.url));

/** Every real configuration there; none, with a word why, where the folder is absent. */
export function sharedConfigs(): { readonly file: string; readonly text: string }[] {
  if (!existsSync(inputs)) {
    console.warn(`frr-config: ${inputs} is absent, its configurations are not tested`);
    return [];
  }
  return globSync(`${inputs}/**/frr.conf`).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}
