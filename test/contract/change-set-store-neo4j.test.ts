import { createNeo4jTwinStore } from '#connectors/neo4j/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { describeWithService, startNeo4j } from '#test/services/index.ts';
import { changeSetStoreContract } from './change-set-store.ts';

await describeWithService('ChangeSetStore on Neo4j', startNeo4j, (service) => {
  const { url, user, password } = service;
  changeSetStoreContract('Neo4j', {
    async open() {
      const twins = await createNeo4jTwinStore(
        { url, user, password, database: 'neo4j' },
        { clock: systemClock },
      );
      return { twins, sets: twins.changeSets, close: async () => twins.close() };
    },
  });
});
