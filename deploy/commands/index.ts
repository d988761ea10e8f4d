import type { Command, CommandEntry } from './command.ts';

/** A command that is loaded when it is called: most of them need little of the hub, and start so much the faster. */
const entry = (summary: string, load: () => Promise<Command>): CommandEntry => ({ summary, load });

/** The commands of `twinhub`, by name. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  start: entry('starts the hub', async () => {
    const { startCommand, startHelp } = await import('./start.ts');
    return { help: startHelp, run: startCommand };
  }),
  gateway: entry('serves any Federation 2 supergraph over remote subgraphs', async () => {
    const { gatewayCommand, gatewayHelp } = await import('./gateway.ts');
    return { help: gatewayHelp, run: gatewayCommand };
  }),
  plant: entry('drives the demo plant: scenarios, maintenance, status', async () => {
    const { plantCommand, plantHelp } = await import('./plant.ts');
    const { dataPath } = await import('../config.ts');
    return {
      help: plantHelp,
      run: (args, { terminal }) =>
        plantCommand(args, { terminal, dataPath: (flag) => dataPath(terminal.env, flag, terminal.cwd) }),
    };
  }),
  models: entry('checks, compares, imports and exports DTDL and AAS models', async () => {
    const { modelsCommand, modelsHelp } = await import('./models.ts');
    return {
      help: modelsHelp,
      run: (args, { terminal, signal }) =>
        modelsCommand(args, {
          terminal,
          signal,
          token: async (access) => (await import('./hub-client.ts')).bearerToken(terminal, access),
          base: async () => (await import('../demo/models/index.ts')).baseLookups(),
        }),
    };
  }),
  opcua: entry('browses an OPC UA server, proposes a mapping', async () => {
    const { opcuaCommand, opcuaHelp } = await import('./opcua.ts');
    const { signalsFromHub } = await import('./hub-client.ts');
    const { dataPath } = await import('../config.ts');
    return {
      help: opcuaHelp,
      run: (args, { terminal }) =>
        opcuaCommand(args, {
          terminal,
          dataPath: (flag) => dataPath(terminal.env, flag, terminal.cwd),
          signals: (access) => signalsFromHub(terminal, access),
        }),
    };
  }),
  compose: entry('composes subgraphs to a supergraph', async () => {
    const { composeCommand, composeHelp } = await import('./compose.ts');
    return { help: composeHelp, run: (args, { terminal }) => composeCommand(args, terminal) };
  }),
  subgraphs: entry('checks subgraphs of others that are to join the hub', async () => {
    const { subgraphsCommand, subgraphsHelp } = await import('./subgraphs.ts');
    return { help: subgraphsHelp, run: subgraphsCommand };
  }),
  schema: entry('compares the public schema with the last released one', async () => {
    const { schemaCommand, schemaHelp } = await import('./schema-check.ts');
    return { help: schemaHelp, run: (args, { terminal }) => schemaCommand(args, terminal) };
  }),
  evidence: entry('verifies and exports the evidence log', async () => {
    const { evidenceCommand, evidenceHelp } = await import('./evidence-verify.ts');
    return { help: evidenceHelp, run: (args, { terminal }) => evidenceCommand(args, terminal) };
  }),
  messages: entry('shows messages that were set aside and puts them back', async () => {
    const { messagesCommand, messagesHelp } = await import('./messages.ts');
    return { help: messagesHelp, run: (args, { terminal }) => messagesCommand(args, terminal) };
  }),
  token: entry('prints a bearer token of the local identity', async () => {
    const { tokenCommand, tokenHelp } = await import('./token.ts');
    return { help: tokenHelp, run: (args, { terminal }) => tokenCommand(args, terminal) };
  }),
};
