import { Contrast, Moon, Sun, SunMoon } from 'lucide-react';
import { IconButton } from './IconButton.tsx';
import { useChoices, useParts } from './session-context.tsx';
import { THEME_CHOICES, THEME_WORDS } from './view-choices.ts';

export function ThemeSwitch() {
  const { choices } = useParts();
  const { theme } = useChoices();
  const next = THEME_CHOICES[(THEME_CHOICES.indexOf(theme) + 1) % THEME_CHOICES.length] ?? 'system';
  return (
    <IconButton
      icon={ICONS[theme]}
      label={`Theme: ${THEME_WORDS[theme]}. Change to ${THEME_WORDS[next]}`}
      onPress={() => choices.change({ theme: next })}
    />
  );
}

const ICONS = { system: SunMoon, light: Sun, dark: Moon, contrast: Contrast };
