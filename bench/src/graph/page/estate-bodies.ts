import type { LayoutBody } from '../../../../viewer/src/scene/messages.ts';
import type { GeneratedEstate } from '../generated-estate.ts';

/** The estate as the viewer's layout takes it, nothing placed. */
export const bodiesOf = ({ nodes }: GeneratedEstate): readonly LayoutBody[] =>
  nodes.map(({ id, kind, groups }) => ({ id, kind, groups, place: null, hint: null }));
