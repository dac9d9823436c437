import type { SessionCommands } from '../session/session.ts';
import type { MediaQuery } from './keep-theme.ts';

/** Tells the scene whether this user wants less motion, now and whenever it changes. Gives the undo. */
export function keepMotion(commands: Pick<SessionCommands, 'setReducedMotion'>, reduced: MediaQuery): () => void {
  const tell = () => commands.setReducedMotion(reduced.matches);
  tell();
  reduced.addEventListener('change', tell);
  return () => reduced.removeEventListener('change', tell);
}
