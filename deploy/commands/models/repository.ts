import { resolve } from 'node:path';
import { createModelRepository, readModelRepositoryConfig } from '#connectors/model-repository/index.ts';
import { ConfigReader } from '#kernel/config.ts';
import type { ModelResolver } from '#ontology/ports/model-resolver.ts';
import type { Terminal } from '../../terminal.ts';

/** A repository at a folder or address, with the limits that the settings TWINHUB_MODELS_... give. */
export function repositoryAt(location: string, terminal: Terminal): ModelResolver {
  const reader = new ConfigReader({ ...terminal.env, TWINHUB_MODELS_REPOSITORY: location });
  const config = readModelRepositoryConfig(reader);
  reader.finish();
  const isAddress = /^https?:\/\//.test(location);
  return createModelRepository({
    ...(config as NonNullable<typeof config>),
    location: isAddress ? location : resolve(terminal.cwd, location),
  });
}
