import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { installDebianPackages, whyNoApt } from '../common/apt.ts';
import { findProgram } from '../common/command.ts';
import type { Source, Unavailable } from '../common/sources.ts';

/** RabbitMQ as its start script, and the port mapper of its Erlang. */
export interface RabbitProgram {
  readonly kind: 'program';
  readonly command: string;
  readonly epmd: string;
}

// The package's script on PATH switches to the user `rabbitmq`; this one runs a broker of one's own.
const debianScript = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** Where rabbitmq-server can come from, in the order to try. */
export function rabbitSources(env: Env): Source<RabbitProgram>[] {
  return [
    { name: 'PATH', get: async () => installed(env) },
    { name: 'Debian package', get: () => fromDebian(env) },
  ];
}

function installed(env: Env): RabbitProgram | Unavailable {
  const onPath = findProgram('rabbitmq-server', env);
  const command = existsSync(debianScript) ? debianScript : onPath;
  if (!command || command === '/usr/sbin/rabbitmq-server')
    return { unavailable: 'there is no rabbitmq-server' };
  const beside = join(dirname(realpathSync(command)), 'epmd');
  const epmd = findProgram('epmd', env) ?? (existsSync(beside) ? beside : undefined);
  return epmd
    ? { kind: 'program', command, epmd }
    : { unavailable: 'there is no epmd (part of Erlang) on PATH' };
}

async function fromDebian(env: Env): Promise<RabbitProgram | Unavailable> {
  const noApt = whyNoApt(env);
  if (noApt) return { unavailable: noApt };
  await installDebianPackages(['rabbitmq-server'], env);
  return installed(env);
}
