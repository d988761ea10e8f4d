import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { ConfigReader } from '#kernel/config.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import type { GatewayDeps } from '#gateway/server.ts';
import { readTelemetryConfig, Telemetry } from '#gateway/telemetry/index.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { principalOf, startGateway } from './support.ts';

/** One span as OTLP in JSON has it. @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { key: string; value: { stringValue?: string } }[];
  readonly status: { code?: number; message?: string };
  readonly links?: readonly { traceId: string; spanId: string }[];
}

export interface Receiver {
  readonly url: string;
  readonly spans: Span[];
  readonly headers: NodeJS.Dict<string | string[]>[];
}

/** A receiver of OTLP over HTTP in JSON. */
export async function startReceiver(t: TestContext): Promise<Receiver> {
  const spans: Span[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      assert.equal(req.url, '/v1/traces');
      headers.push(req.headers);
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      for (const { scopeSpans } of resourceSpans)
        for (const { spans: some } of scopeSpans) spans.push(...some);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, headers };
}

/** `ada` is an operator, `ida` may diagnose; both are of the tenant acme, `beta.ida` is of another. */
export const known = (token: string): Principal => {
  const [name = '', tenant = 'acme'] = token.split('.').toReversed();
  return {
    ...principalOf(name),
    tenant: parseTenantId(tenant),
    roles: name === 'ida' ? ['integrator'] : ['operator'],
  };
};

/** A gateway with telemetry. @param env - of telemetry and of the gateway. */
export async function start(t: TestContext, env: Record<string, string>, deps: Partial<GatewayDeps> = {}) {
  const telemetry =
    deps.telemetry ?? new Telemetry(readTelemetryConfig(new ConfigReader(env)), createMemoryLogger());
  t.after(() => telemetry.close());
  const authenticate = async (header: string | undefined) =>
    header?.startsWith('Bearer ') ? known(header.slice(7)) : null;
  const running = await startGateway(t, {
    env,
    deps: {
      ...deps,
      telemetry,
      authenticate: ({ authorization }) => authenticate(authorization),
      authenticateSocket: async (params) => known(String(params?.['token'])),
    },
  });
  return { ...running, telemetry };
}

export const attributeOf = (span: Span | undefined, key: string) =>
  span?.attributes.find((one) => one.key === key)?.value.stringValue;

/** Values of an exposition by series: `name{label="value"}`. */
export async function scrape(url: string, token: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.status, 200);
  const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ [^ ]+$/, ''), Number(line.split(' ').at(-1))]));
}
