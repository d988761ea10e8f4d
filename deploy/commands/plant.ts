import { join } from 'node:path';
import { routeDriverMessages } from '#connectors/opcua/client.ts';
import { createLogger } from '#kernel/log.ts';
import { scenarioNames } from '../demo/plant/plant-state.ts';
import { plantCall, type PlantAnswer } from '../demo/plant-client.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

export const plantHelp = `twinhub plant scenario start|stop NAME [--endpoint opc.tcp://127.0.0.1:4840]
twinhub plant maintain EQUIPMENT FAILURE-MODE
twinhub plant status
Speaks to the demo plant over OPC UA.
  NAME             ${scenarioNames.join(', ')}
  EQUIPMENT        SAP equipment number, e.g. 10000101 for P-101
  --endpoint URL   the plant's server (default opc.tcp://127.0.0.1:4840)
  --data DIR       the hub's data folder, for the certificate (default .twinhub, or TWINHUB_DATA_DIR)`;

/** What the command needs besides its words. */
export interface PlantCommandDeps {
  readonly terminal: Terminal;
  /** The data folder for what `--data` says, `undefined` when it is not given. */
  readonly dataPath: (flag: string | undefined) => string;
}

/** `twinhub plant`: exit code 1 when the plant refuses. */
export async function plantCommand(
  args: readonly string[],
  { terminal, dataPath }: PlantCommandDeps,
): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    endpoint: { type: 'string', default: 'opc.tcp://127.0.0.1:4840' },
    data: { type: 'string' },
  });
  routeDriverMessages(createLogger(({ message }) => terminal.err(message), { level: 'warn' }));
  const folder = join(dataPath(values.data), 'opcua');
  const answer = await ask(positionals, (method, inputs) =>
    plantCall(values.endpoint, folder, method, inputs),
  );
  if (positionals[0] === 'status') terminal.out(JSON.stringify(JSON.parse(answer.text), null, 2));
  else terminal[answer.accepted ? 'out' : 'err'](answer.text);
  return answer.accepted ? exitCodes.fine : exitCodes.findings;
}

type Call = (method: Parameters<typeof plantCall>[2], inputs: readonly string[]) => Promise<PlantAnswer>;

function ask([what, first, second, ...rest]: readonly string[], call: Call): Promise<PlantAnswer> {
  if (rest.length) throw new UsageError(`Too many words: ${rest.join(' ')}.`);
  if (what === 'status' && first === undefined) return call('Describe', []);
  if (what === 'maintain' && first !== undefined && second !== undefined)
    return call('PerformMaintenance', [first, second]);
  if (what === 'scenario' && second !== undefined) {
    if (first === 'start') return call('StartScenario', [second]);
    if (first === 'stop') return call('StopScenario', [second]);
  }
  throw new UsageError(
    'Say what: scenario start NAME, scenario stop NAME, maintain EQUIPMENT FAILURE-MODE, or status.',
  );
}
