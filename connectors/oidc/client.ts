import * as client from 'openid-client';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { OidcConfig } from './config.ts';

/** The provider as discovered; asked for once, and again after a failure. */
export function createDiscovery(config: OidcConfig): () => Promise<client.Configuration> {
  let known: Promise<client.Configuration> | undefined;
  return () => {
    known ??= discover(config).catch((error: unknown) => {
      known = undefined;
      throw new HubError(
        'CONNECTOR_UNREACHABLE',
        `The identity provider ${config.issuer} does not answer: ${messageOf(error)}`,
        { cause: error },
      );
    });
    return known;
  };
}

async function discover(config: OidcConfig): Promise<client.Configuration> {
  const authentication =
    config.clientSecret === undefined ? client.None() : client.ClientSecretBasic(config.clientSecret);
  return client.discovery(new URL(config.issuer), config.clientId, config.clientSecret, authentication, {
    timeout: 10,
    execute: config.allowInsecure ? [client.allowInsecureRequests] : [],
  });
}
