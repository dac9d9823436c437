import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

/** Puts a text on the clipboard, and says whether that worked. */
export function CopyButton({ what, text }: { readonly what: string; readonly text: string }) {
  const [result, setResult] = useState<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (result === 'none') return undefined;
    const timer = setTimeout(() => setResult('none'), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [result]);
  const Icon = result === 'copied' ? Check : Copy;
  return (
    <span className="copy">
      <span role="status" className="quiet small">
        {WORDS[result]}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={what}
        title={what}
        onClick={async () => setResult((await copyText(text)) ? 'copied' : 'failed')}
      >
        <Icon size={16} aria-hidden="true" />
      </button>
    </span>
  );
}

const SHOWN_MILLIS = 2_000;
const WORDS = { none: '', copied: 'Copied', failed: 'This browser does not allow it: select and copy by hand' };

/** Over plain HTTP from another computer, browsers give pages no clipboard. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
