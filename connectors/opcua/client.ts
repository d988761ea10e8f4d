import { join } from 'node:path';
import {
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  setErrorLogger,
  setWarningLogger,
  UserTokenType,
  type ClientSession,
} from 'node-opcua';
import { HubError, messageOf } from '#kernel/errors.ts';
import { withDeadline } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { CertificateStore, LinkOptions } from './driver.ts';

/** What it takes to open a session. */
export type SessionOptions = Pick<
  LinkOptions,
  'endpoint' | 'securityMode' | 'securityPolicy' | 'user' | 'password' | 'certificates'
>;

/** A session with the client it runs over. */
export interface OpenSession {
  readonly client: OPCUAClient;
  readonly session: ClientSession;
  close(timeoutMs: number): Promise<void>;
}

const managers = new WeakMap<CertificateStore, OPCUACertificateManager>();

/**
 * Opens the folder; the own certificate is made at the first connection. A certificate of a server that is not in
 * its `trusted/certs` is put into `rejected`, and is trusted once somebody moves it.
 *
 * @param trustUnknownServers - accept every certificate.
 */
export function openCertificateStore(folder: string, trustUnknownServers: boolean): CertificateStore {
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: trustUnknownServers,
    disableFileWatchers: true,
  });
  const store = { folder, close: () => manager.dispose() };
  managers.set(store, manager);
  return store;
}

function managerOf(store: CertificateStore): OPCUACertificateManager {
  const manager = managers.get(store);
  if (!manager) throw new HubError('INTERNAL', 'The certificate store was not opened here.');
  return manager;
}

const connectTimeoutMs = 10_000;
const requestTimeoutMs = 5_000;

/** Sends what the driver would print on the console to the log; it has one place for that in a process. */
export function routeDriverMessages(log: Logger): void {
  setWarningLogger((...words) => log.debug('OPC UA driver', { text: words.map(String).join(' ') }));
  setErrorLogger((...words) => log.info('OPC UA driver', { text: words.map(String).join(' ') }));
}

/**
 * Opens a session.
 * @throws {HubError} CONNECTOR_UNREACHABLE - nobody answers, or refuses; `details.endpoint` says where.
 */
export async function openSession(options: SessionOptions): Promise<OpenSession> {
  const client = OPCUAClient.create({
    applicationName: 'Twinhub',
    clientName: 'Twinhub',
    securityMode: MessageSecurityMode[options.securityMode as keyof typeof MessageSecurityMode],
    securityPolicy: SecurityPolicy[options.securityPolicy as keyof typeof SecurityPolicy],
    endpointMustExist: false,
    // Coming back is our own business: a fresh client after each loss leaves no half-repaired session behind.
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
    keepSessionAlive: true,
    requestedSessionTimeout: 30_000,
    transportTimeout: connectTimeoutMs,
    defaultTransactionTimeout: requestTimeoutMs,
    clientCertificateManager: managerOf(options.certificates),
  });
  let leaving: Promise<void> | undefined;
  const close = (timeoutMs: number) =>
    (leaving ??= withDeadline(client.disconnect(), timeoutMs, 'leaving the server').catch(() => {}));
  try {
    const opening = client.connect(options.endpoint).then(() => client.createSession(identityOf(options)));
    const session = await withDeadline(opening, connectTimeoutMs, 'opening the session');
    return { client, session, close };
  } catch (error) {
    await close(1000);
    throw new HubError(
      'CONNECTOR_UNREACHABLE',
      `No session with ${options.endpoint}: ${reasonOf(error, options)}`,
      {
        cause: error,
        details: { endpoint: options.endpoint, securityMode: options.securityMode },
      },
    );
  }
}

/** The driver's reason; for a certificate that is not trusted yet also where it is and what to do. */
function reasonOf(error: unknown, { certificates: { folder } }: SessionOptions): string {
  const reason = oneLine(error);
  if (!reason.includes('BadCertificateUntrusted')) return reason;
  return `${reason}. The server's certificate is in ${join(folder, 'rejected')} now; check it, move it to ${join(folder, 'trusted', 'certs')}, and try again.`;
}

/**
 * What a server offers, as `MODE with POLICY`; empty when it does not answer. Asked without security, as discovery is.
 * @see OPC 10000-4, GetEndpoints
 */
export async function offeredSecurity(
  endpoint: string,
  certificates: CertificateStore,
): Promise<readonly string[]> {
  const client = OPCUAClient.create({
    applicationName: 'Twinhub',
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: managerOf(certificates),
  });
  try {
    await withDeadline(client.connect(endpoint), requestTimeoutMs, 'connecting');
    const offers = await withDeadline(client.getEndpoints(), requestTimeoutMs, 'asking for the endpoints');
    return [
      ...new Set(
        offers.map(
          ({ securityMode, securityPolicyUri }) =>
            `${MessageSecurityMode[securityMode]} with ${securityPolicyUri?.split('#')[1] ?? 'an unknown policy'}`,
        ),
      ),
    ];
  } catch {
    return [];
  } finally {
    await withDeadline(client.disconnect(), 1000, 'leaving the server').catch(() => {});
  }
}

function identityOf({ user, password }: SessionOptions) {
  if (user === null) return { type: UserTokenType.Anonymous } as const;
  return { type: UserTokenType.UserName, userName: user, password: password ?? '' } as const;
}

/** The driver's messages run over several lines. */
export function oneLine(error: unknown): string {
  return messageOf(error).replace(/\s+/g, ' ').trim();
}
