/** Calls back at each SIGHUP, the usual way to have a server read its files again, until it is disposed of. */
export function onHangUp(listener: () => unknown): Disposable {
  const heard = () => void listener();
  process.on('SIGHUP', heard);
  return { [Symbol.dispose]: () => void process.off('SIGHUP', heard) };
}
