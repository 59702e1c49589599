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

/** The other pages of the wizard, from wherever one is. */
export interface Navigation {
  home(): void;
  history(): void;
  connections(): void;
  /** The page on which a workspace is connected. */
  connect(): void;
  show(run: string): void;
  review(run: string): void;
  watch(connection: string, member: string): void;
  /** Choosing several members of a workspace. */
  bulk(connection: string): void;
  batch(batch: string): void;
  /** Begins, or goes on with, the offboarding of a member. */
  open(connection: string, member: string): void;
}

const Ways = createContext<Navigation | undefined>(undefined);
export const NavigationProvider = Ways.Provider;

/** The ways to the other pages. Throws when a component is mounted outside of `NavigationProvider`. */
export function useNavigation(): Navigation {
  const ways = useContext(Ways);
  if (!ways) throw new Error('Components of the wizard need a NavigationProvider around them.');
  return ways;
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
