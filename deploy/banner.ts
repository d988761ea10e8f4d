import type { HubConfig } from './config.ts';
import type { RunningHub } from './hub.ts';

/** What `npm start` prints when everything is up: where things are, how to sign in, what to try. */
export function banner(config: HubConfig, hub: RunningHub, readyMs: number): string {
  const { url, places, plantEndpoint } = hub;
  const lines = [
    '',
    `Twinhub is ready (${(readyMs / 1000).toFixed(1)} s).`,
    '',
    `  Console     ${url}/`,
    `  GraphQL     ${url}/graphql    (queries, mutations; subscriptions over graphql-transport-ws and SSE)`,
    `  GraphiQL    ${url}/graphiql`,
    `  Health      ${url}/health`,
    '',
    `  Twins       ${places.twins}`,
    `  Telemetry   ${places.telemetry}`,
    `  Messages    ${places.messages}`,
    `  Records     ${places.records} (workflows, recommendations, evidence)`,
    ...(plantEndpoint
      ? [
          `  Plant       ${plantEndpoint}${config.demo ? ` (demo plant, ${config.demo.speed} times real time)` : ''}`,
        ]
      : []),
    ...(config.demo ? ['  Beside it   SAP PM, MES and WMS simulators, each a process of its own'] : []),
    '',
    ...signInLines(config),
    ...(config.demo
      ? [
          '',
          `To see the loop: npx twinhub plant scenario start bearing-wear${plantEndpoint === 'opc.tcp://127.0.0.1:4840' ? '' : ` --endpoint ${plantEndpoint}`}`,
          'then watch P-101 in the console, and decide in the inbox.',
        ]
      : []),
    '',
    'Ctrl-C stops it.',
  ];
  return lines.join('\n');
}

function signInLines(config: HubConfig): readonly string[] {
  if (config.oidc) return [`Sign in with your account at ${config.oidc.issuer}.`];
  const data = config.dataDir.endsWith('/.twinhub') ? '' : ` --data ${config.dataDir}`;
  return [
    'LOCAL IDENTITY: personas without passwords, for this machine only. Sign in at the console by choosing one:',
    '  olivia (operator), ravi (reliability engineer), petra (planner), marc and nora (maintenance managers), ines (integrator)',
    `For scripts: npx twinhub token --as petra${data}`,
  ];
}
