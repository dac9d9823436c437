import type { LucideIcon } from 'lucide-react';

export interface IconButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly onPress: () => void;
  /** Shown with the label on hover: "Table (T)". */
  readonly keyName?: string;
  /** For a toggle. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}

export function IconButton({ icon: Icon, label, onPress, keyName, pressed, disabled }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      aria-pressed={pressed}
      title={keyName === undefined ? label : `${label} (${keyName})`}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
