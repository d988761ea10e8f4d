import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { lookupsOf, planImport, type ImportDocument } from '#ontology/import.ts';
import { parseModelId, type TenantId } from '#ontology/ids.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import { baseDocuments, demoDocuments } from '../demo/models/index.ts';

/**
 * Imports the demo plant the way partners import theirs. What is there already stays as it is, so a change that
 * somebody made to a demo twin is kept at the next start.
 */
export async function importDemoModels(twins: TwinStore, tenant: TenantId, log: Logger): Promise<void> {
  const site = await twins.listTwins(tenant, { kinds: ['SITE'] }, { first: 1, after: null });
  if (site.items.length) return;
  await importAll(demoDocuments(), twins, tenant, log);
}

/** Imports the ISA-95 concepts when they are missing: partners' models extend them, also in a hub without the demo. */
export async function importBaseModels(twins: TwinStore, tenant: TenantId, log: Logger): Promise<void> {
  const [asset] = await twins.models(tenant, [parseModelId('dtmi:twinhub:isa95:Asset;1')]);
  if (!asset) await importAll(baseDocuments(), twins, tenant, log);
}

async function importAll(
  documents: readonly ImportDocument[],
  twins: TwinStore,
  tenant: TenantId,
  log: Logger,
): Promise<void> {
  const plan = await planImport(documents, lookupsOf(twins, tenant));
  const errors = plan.findings.filter((finding) => finding.severity === 'ERROR');
  if (!plan.ok)
    throw new HubError(
      'INVALID_MODEL',
      `The hub's own models have ${errors.length} error(s): ${errors[0]?.document}: ${errors[0]?.message}`,
    );
  const counts = await twins.apply(tenant, plan.changes);
  log.info('Models imported', { ...counts, documents: documents.length });
}
