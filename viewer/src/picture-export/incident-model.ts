import { createFiguresAt } from '../model/figures-at.ts';
import { levelGraph } from '../model/levels.ts';
import { createPicture, type Picture, REPLAY_BOUNDS } from '../model/picture.ts';
import { type Views, viewsAt } from '../session/views.ts';
import { type Incident, itemsOf } from './incident.ts';

/** A replay out of a file: the same model as the live map's, so it shows the same. */
export interface IncidentModel {
  readonly picture: Picture;
  readonly viewsAt: (playhead: number) => Views;
  /** Link of endpoint level → the link that stands for it at the level shown. */
  readonly shownLink: (link: string) => string | undefined;
}

export function createIncidentModel(incident: Incident): IncidentModel | null {
  const items = itemsOf(incident);
  if (items === null) return null;
  const picture = createPicture(REPLAY_BOUNDS);
  for (const each of items) picture.apply(each);
  const level = levelGraph({ nodes: picture.nodes(), links: picture.links() }, incident.level);
  const figures = createFiguresAt(picture);
  const parts = { picture, figures, level, placeOf: () => undefined };
  return {
    picture,
    viewsAt: (playhead) => viewsAt(parts, playhead, incident.sample, 0),
    shownLink: (link) => level.links[level.linkOf.get(link) ?? -1]?.id,
  };
}
