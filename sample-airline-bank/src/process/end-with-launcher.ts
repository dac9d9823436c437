/**
 * Preloaded into a program that knows nothing of the launcher (`node --import`): it is told to end when the launcher is gone,
 * so that nobody's ports stay taken.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening for the launcher's end must not itself keep the process alive.
process.channel?.unref();
