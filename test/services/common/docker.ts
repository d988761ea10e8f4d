import { basename } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { messageOf } from '#kernel/errors.ts';
import { findProgram, run } from './command.ts';
import type { Source } from './sources.ts';
import type { ServerCommand } from './supervise.ts';

/** A server as a container image. */
export interface DockerProgram {
  readonly kind: 'docker';
  readonly docker: string;
  readonly image: string;
}

/** The image, where a Docker daemon answers. */
export function dockerSource(image: string, env: Env): Source<DockerProgram> {
  const get = async () => {
    const docker = findProgram('docker', env);
    if (!docker) return { unavailable: 'there is no docker on PATH' };
    try {
      await run(docker, ['info'], { env, logFile: '/dev/null', timeoutMs: 10_000 });
    } catch (error) {
      return { unavailable: `no Docker daemon answers (${messageOf(error).split('\n')[0]})` };
    }
    return { kind: 'docker' as const, docker, image };
  };
  return { name: 'Docker', get };
}

/** The command that runs the image in the foreground; the container stays through an outage and is removed at the end. */
export function runInDocker(
  program: DockerProgram,
  options: {
    readonly folder: string;
    readonly env: Env;
    /** Port of 127.0.0.1, port in the container. */
    readonly ports: readonly (readonly [number, number])[];
    readonly set: Readonly<Record<string, string>>;
  },
): ServerCommand {
  const { folder, env, ports, set } = options;
  const name = basename(folder);
  const publish = ports.flatMap(([outside, inside]) => ['-p', `127.0.0.1:${outside}:${inside}`]);
  // Names only: values on a command line can be read by everybody on the machine.
  const variables = Object.keys(set).flatMap((variable) => ['-e', variable]);
  return {
    command: program.docker,
    args: ['run', '--name', name, ...publish, ...variables, program.image],
    env: { ...env, ...set },
    folder,
    endCommand: [program.docker, 'rm', '-f', '-v', name],
    outage: { kill: [program.docker, 'kill', name], start: [program.docker, 'start', '-a', name] },
  };
}
