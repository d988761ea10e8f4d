/** Which hub a command talks to, and as whom. */
export interface HubAccess {
  /** Address of its GraphQL endpoint. @default TWINHUB_URL, else http://localhost:4000/graphql */
  readonly url?: string | undefined;
  /** @default TWINHUB_TOKEN, else one of the integrator of the data folder's local identity */
  readonly token?: string | undefined;
  /** The data folder the flag `--data` names. */
  readonly data?: string | undefined;
}

/** The options of commands that talk to a running hub, for `readArguments`. */
export const hubOptions = {
  url: { type: 'string' },
  token: { type: 'string' },
  data: { type: 'string' },
} as const;

/** Their lines of help, after the command's own. */
export const hubOptionsHelp = `  --url URL      the hub's address (default http://localhost:4000, or TWINHUB_URL)
  --token TOKEN  bearer token of an integrator (default TWINHUB_TOKEN, else the local identity of the data folder)
  --data DIR     the hub's data folder (default .twinhub, or TWINHUB_DATA_DIR)`;
