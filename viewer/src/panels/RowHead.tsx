/** The words over the figures of a list. Each row says them again to a screen reader by its title. */
export function RowHead({ kind }: { readonly kind: 'link' | 'operation' }) {
  return (
    <div className={`row ${kind} head`} aria-hidden="true">
      {kind === 'link' && <span />}
      <span />
      <span className="number">Rate</span>
      <span className="number">p95</span>
      <span className="number">Failed</span>
    </div>
  );
}
