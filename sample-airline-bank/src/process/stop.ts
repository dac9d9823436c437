/** A process that has not ended by itself by then is cut off; the launcher would kill it a little later. */
const PATIENCE_MILLIS = 2_500;

/**
 * Calls `stop` once when this process shall end: by a signal, or because its launcher is gone. It must let go of all
 * that keeps the process alive, which then ends by itself: that leaves an interceptor its chance to send the rest.
 */
export function onStop(stop: () => void): void {
  let stopping = false;
  const stopOnce = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), PATIENCE_MILLIS).unref();
    stop();
  };
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);
  process.on('disconnect', stopOnce);
  // Listening for the launcher's end must not itself keep the process alive.
  process.channel?.unref();
}
