/** Each planted defect, judged without booting. What a run finds of the same table is in `labs/defects.test.ts`. */
import { dirname } from 'node:path';
import test from 'ava';
import { designDefects, FABRIC } from '../support/design-defects.ts';
import { plantedFolder } from '../support/planted-folder.ts';

test('check finds nothing in the fabric that defects are planted in', (t) => {
  const folder = plantedFolder({ ...FABRIC, name: 'def' });
  t.teardown(folder.remove);
  t.deepEqual(folder.check(), []);
});

test('there are enough of them, most are seen by check and by run, and each by one of the two', (t) => {
  const byCheck = designDefects.filter(({ check }) => 'name' in check);
  const byRun = designDefects.filter(({ run }) => !('unseen' in run));
  const byBoth = byCheck.filter((defect) => byRun.includes(defect));
  t.true(designDefects.length >= 25);
  t.true(byBoth.length > designDefects.length / 2);
  t.is(new Set([...byCheck, ...byRun]).size, designDefects.length);
  t.is(new Set(designDefects.map(({ name }) => name)).size, designDefects.length);
});

for (const { name, plant, check } of designDefects) {
  const title = 'unseen' in check ? `${name}: not visible to check, for ${check.unseen}` : `${name}: check names it`;
  test(title, (t) => {
    const folder = plantedFolder({ ...FABRIC, name: 'def' });
    t.teardown(folder.remove);
    plant(folder);
    const findings = folder.check();
    const all = findings.map(({ rule, node, link, message }) => `${rule} ${node} ${link ?? ''}: ${message}`).join('\n');
    if ('unseen' in check) {
      t.deepEqual(findings, [], 'it is visible: say in the table how');
      return;
    }
    const found = findings.find(({ rule, node }) => rule === check.name && node === check.target);
    t.truthy(found, `check does not name it; it says: ${all}`);
    t.true(found!.line >= 1 && found!.file.startsWith(dirname(folder.dir)), `${found!.file}:${found!.line}`);
    t.true(found!.message.length > 0 && found!.remedy.length > 0);
  });
}
