/**
 * A hub's imports that are killed at a given point: `node imports-process.ts FOLDER WORK POINT [JOB]`. WORK is
 * ALL_OR_NOTHING, ITEM_BY_ITEM or ROLL_BACK (of JOB); POINT is `PORT.METHOD:NUMBER:before|after`, or `sql:NUMBER` for the
 * n-th statement that writes while a set is committed or taken back.
 */
import { Database } from '#connectors/sqlite/database.ts';
import type { ImportAtomicity } from '#ontology/import-job.ts';
import { createImportService } from '#subgraphs/assets/imports/service.ts';
import { ended, openStores, startInline, tankModel, tanks } from './imports-support.ts';
import { contextOf, demo } from './support.ts';

const [folder = '', work = '', point = '', job = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');

/** Statements of the sets are counted while one of these runs. */
const counted = ['changeSets.commit', 'changeSets.revert'];
let counting = false;
let statements = 0;

/** The port, killing the process at the point. */
function deadly<T extends object>(port: string, target: T): T {
  const calls = new Map<string, number>();
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string' || name === 'pathOf')
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (...args: unknown[]) => {
        const number = (calls.get(name) ?? 0) + 1;
        calls.set(name, number);
        if (point === `${port}.${name}:${number}:before`) die();
        counting = counted.includes(`${port}.${name}`);
        const running = value.apply(target, args) as Promise<unknown>;
        counting = false;
        const result = await running;
        if (point === `${port}.${name}:${number}:after`) die();
        return result;
      };
    },
  });
}

const { config, deps, db } = openStores(folder, {}, 'killed');
db.run = (...args) => {
  if (counting && point === `sql:${(statements += 1)}`) die();
  return Database.prototype.run.apply(db, args);
};
const imports = createImportService(config, {
  ...deps,
  changeSets: deadly('changeSets', deps.changeSets),
  jobs: deadly('jobs', deps.jobs),
  uploads: deadly('uploads', deps.uploads),
  evidence: deadly('evidence', deps.evidence),
});
if (work === 'ROLL_BACK') await imports.rollBack(contextOf(demo).principal, job);
else {
  const documents = [
    { name: 'm', content: tankModel(2) },
    { name: 't', content: tanks(250, { volume: 7 }) },
  ];
  await ended(imports, await startInline(imports, documents, { atomicity: work as ImportAtomicity }));
}
await imports.close();
process.stdout.write('ended\n');
