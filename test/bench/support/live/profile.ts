import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** A CPU profile of this process from one call to the next. */
export class Profile {
  #session: Session | undefined;

  async start(): Promise<void> {
    const session = (this.#session = new Session());
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
  }

  /** Does nothing when none was started. */
  async writeTo(file: string): Promise<void> {
    const stopped = await this.#session?.post('Profiler.stop');
    this.#session?.disconnect();
    this.#session = undefined;
    if (stopped) writeFileSync(file, JSON.stringify(stopped.profile));
  }
}
