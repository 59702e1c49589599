import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { formatNumber, formatTime } from '../../lib/panel/words.ts';

const Dependencies = createContext<PanelDependencies | undefined>(undefined);
export const DependenciesProvider = Dependencies.Provider;

/** What the page was built from. Throws when a component is mounted outside of `DependenciesProvider`. */
export function useDependencies(): PanelDependencies {
  const dependencies = useContext(Dependencies);
  if (!dependencies) throw new Error('Components of the wizard need a DependenciesProvider around them.');
  return dependencies;
}

/** Texts, numbers and times in the reader's language. */
export function useWords() {
  const { text, locale, now } = useDependencies();
  return {
    text,
    locale,
    number: (value: number) => formatNumber(locale, value),
    time: (value: string | Date) => formatTime(locale, value, now()),
  };
}
