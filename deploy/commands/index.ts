import { dataPath } from '../config.ts';
import { baseLookups } from '../demo/models/index.ts';
import { startCommand, startHelp } from './start.ts';
import type { Command } from './command.ts';
import { evidenceCommand, evidenceHelp } from './evidence-verify.ts';
import { messagesCommand, messagesHelp } from './messages.ts';
import { modelsCommand, modelsHelp } from './models.ts';
import { opcuaCommand, opcuaHelp } from './opcua.ts';
import { plantCommand, plantHelp } from './plant.ts';
import { bearerToken, signalsFromHub } from './hub-client.ts';
import { tokenCommand, tokenHelp } from './token.ts';

/** The commands of `twinhub`, by name. */
export const commands: Readonly<Record<string, Command>> = {
  start: { summary: 'starts the hub', help: startHelp, run: startCommand },
  plant: {
    summary: 'drives the demo plant: scenarios, maintenance, status',
    help: plantHelp,
    run: (args, { terminal }) =>
      plantCommand(args, { terminal, dataPath: (flag) => dataPath(terminal.env, flag, terminal.cwd) }),
  },
  models: {
    summary: 'checks and imports DTDL and AAS models',
    help: modelsHelp,
    run: (args, { terminal, signal }) =>
      modelsCommand(args, {
        terminal,
        signal,
        token: (access) => bearerToken(terminal, access),
        base: baseLookups,
      }),
  },
  opcua: {
    summary: 'browses an OPC UA server, proposes a mapping',
    help: opcuaHelp,
    run: (args, { terminal }) =>
      opcuaCommand(args, {
        terminal,
        dataPath: (flag) => dataPath(terminal.env, flag, terminal.cwd),
        signals: (access) => signalsFromHub(terminal, access),
      }),
  },
  evidence: {
    summary: 'verifies and exports the evidence log',
    help: evidenceHelp,
    run: (args, { terminal }) => evidenceCommand(args, terminal),
  },
  messages: {
    summary: 'shows messages that were set aside and puts them back',
    help: messagesHelp,
    run: (args, { terminal }) => messagesCommand(args, terminal),
  },
  token: {
    summary: 'prints a bearer token of the local identity',
    help: tokenHelp,
    run: (args, { terminal }) => tokenCommand(args, terminal),
  },
};
