import type { ExchangeDetail } from '@soa-monitor/protocol';
import { useMemo } from 'react';
import { CopyButton } from '../app/CopyButton.tsx';
import { bodyWords, REDACTED, type ShownBody, shownBodies, splitRedacted } from './body-words.ts';
import { indentXml } from './indent-xml.ts';

/** The messages themselves, where capturing was switched on: as text, and never as anything that a browser would run. */
export function Bodies({ detail }: { readonly detail: ExchangeDetail }) {
  const bodies = shownBodies(detail);
  if (bodies.length > 0) return bodies.map((shown) => <Body key={`${shown.message} ${shown.by}`} shown={shown} />);
  return (
    <section>
      <h3>Bodies</h3>
      <p className="quiet">
        Bodies are not captured. To capture those of this path, start the service or its caller with{' '}
        <code>SOA_MONITOR_BODIES={detail.exchange.call.path}</code>, or give its interceptor the setting{' '}
        <code>bodies</code>.
      </p>
    </section>
  );
}

function Body({ shown: { message, by, body } }: { readonly shown: ShownBody }) {
  const pieces = useMemo(() => splitRedacted(indentXml(body.text)), [body.text]);
  const isWithheld = body.withheld !== undefined;
  return (
    <section className="message-body">
      <div className="heading">
        <h3>
          {message}, {by}
        </h3>
        {!isWithheld && <CopyButton what={`Copy the ${message.toLowerCase()}`} text={body.text} />}
      </div>
      <p className={body.truncated || isWithheld ? 'small' : 'quiet small'}>{bodyWords(body)}</p>
      {!isWithheld && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <pre tabIndex={0}>
          {pieces.map((piece, index) =>
            piece === REDACTED ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places
              <mark key={index}>{piece}</mark>
            ) : (
              piece
            ),
          )}
          {body.truncated && <span className="cut">{'\n'}… cut here</span>}
        </pre>
      )}
    </section>
  );
}
