import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAsyncApi } from '#connectors/counterpart/asyncapi.ts';
import type { SystemContracts } from '#connectors/counterpart/asyncapi.ts';
import { mesContracts } from '#connectors/mes/index.ts';
import { sapPmContracts } from '#connectors/sap-pm/index.ts';
import { wmsContracts } from '#connectors/wms/index.ts';

const root = join(import.meta.dirname, '../..');

const systems: readonly SystemContracts[] = [
  { system: 'sap-pm', title: 'SAP PM', contracts: sapPmContracts },
  { system: 'mes', title: 'MES', contracts: mesContracts },
  { system: 'wms', title: 'WMS', contracts: wmsContracts },
];

/** The AsyncAPI document as text. */
export function asyncApiText(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return `${JSON.stringify(createAsyncApi(version, systems), null, 2)}\n`;
}

/** docs/messages.md with its tables made anew; the text around them stays. */
export function messagesText(present: string): string {
  const tables = systems.map(({ title, contracts }) => `## ${title}\n\n${table(contracts)}`).join('\n\n');
  const [begin, end] = ['<!-- contracts: made by deploy/docs/messages.ts -->', '<!-- contracts end -->'];
  const [before = '', rest = ''] = present.split(begin);
  const after = rest.split(end)[1] ?? '\n';
  return `${before}${begin}\n\n${tables}\n\n${end}${after}`;
}

function table(contracts: SystemContracts['contracts']): string {
  const rows = Object.entries(contracts).map(
    ([type, { direction, routingKey, description }]) =>
      `| ${direction === 'OUT' ? 'hub → system' : 'system → hub'} | \`${routingKey}\` | \`${type}\` | ${description} |`,
  );
  return ['| way | routing key | type | what |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Writes docs/asyncapi.json and the tables of docs/messages.md (`npm run docs`). */
export function writeMessagePages(): void {
  const file = join(root, 'docs/messages.md');
  writeFileSync(join(root, 'docs/asyncapi.json'), asyncApiText());
  writeFileSync(file, messagesText(readFileSync(file, 'utf8')));
}
