import { useCommands, useSession } from '../app/session-context.tsx';
import { formatPlural, formatShare } from '../format/numbers.ts';
import { deviatingLinks, deviatingNodes, isLoud } from './deviating.ts';
import { Figures } from './Figures.tsx';
import { linkTitle } from './link-title.ts';
import { minuteWords } from './minute-words.ts';
import { PanelHead } from './PanelHead.tsx';
import { StateMark } from './StateMark.tsx';
import { shownTotals } from './shown-totals.ts';

/** Nothing is selected: the whole, and the few things in it that deserve a look. */
export function EstatePanel() {
  const commands = useCommands();
  const nodes = useSession((snapshot) => snapshot.nodes);
  const links = useSession((snapshot) => snapshot.links);
  const minute = useSession(minuteWords);
  const totals = useSession(shownTotals);
  const badNodes = deviatingNodes(nodes, SHOWN_MAX);
  const known = nodes.some(({ state }) => state !== null && state !== 'unknown');
  const badLinks = deviatingLinks(links, SHOWN_MAX);
  return (
    <>
      <PanelHead title="Whole estate" closes={false}>
        <span className="quiet">
          {formatPlural(nodes.length, 'node', 'nodes')}, {formatPlural(links.length, 'link', 'links')}
        </span>
      </PanelHead>
      <div className="body">
        <section>
          <h3>Calls {minute}</h3>
          <Figures figures={totals} />
        </section>
        <section>
          <h3>In trouble</h3>
          {badNodes.length === 0 && (
            <p className="quiet">
              {known ? 'Nothing: every service whose state is known is well.' : 'No state is known yet.'}
            </p>
          )}
          <div className="rows">
            {badNodes.map(({ node, label, state }) => (
              <button
                key={node.id}
                type="button"
                className="row deviating"
                onClick={() => commands.select({ kind: 'node', id: node.id })}
              >
                <span className="label">{label}</span>
                {state !== null && <StateMark state={state} />}
              </button>
            ))}
          </div>
        </section>
        <section>
          <h3>Calls that failed</h3>
          {badLinks.length === 0 && (
            <p className="quiet">
              {(totals?.count ?? 0) === 0 ? 'No call has ended in this minute.' : 'None in this minute.'}
            </p>
          )}
          <div className="rows">
            {badLinks.map((link) => (
              <button
                key={link.id}
                type="button"
                className="row deviating"
                onClick={() => commands.select({ kind: 'link', id: link.id })}
              >
                <span className="label">{linkTitle(link)}</span>
                <span className={isLoud(link.figures.faultShare) ? 'number bad' : 'number'}>
                  {formatShare(link.figures.faultShare)}
                </span>
              </button>
            ))}
          </div>
        </section>
        <section>
          <p className="quiet small">
            Select a node or a link on the map, or find one with <kbd>/</kbd>. Keys and signs: <kbd>?</kbd>
          </p>
        </section>
      </div>
    </>
  );
}

const SHOWN_MAX = 8;
