import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { useNavigation, useWords } from '../wizard/context.ts';
import { focusOn } from '../wizard/layout.ts';
import './runs.css';

export interface PageProps {
  title: ComponentChildren;
  /** Whose run it is, on every page about one. */
  leaver?: { name: string; email: string; active: boolean } | undefined;
  /** At the end of the heading's line. */
  aside?: ComponentChildren;
  /** Where Back leads; home unless told. */
  back?: { label: string; go: () => void } | undefined;
  children: ComponentChildren;
  footer?: ComponentChildren;
}

/** A page besides the five steps: a way back, whose run it is, a heading that has the focus, and the content. */
export function Page({ title, leaver, aside, back, children, footer }: PageProps) {
  const { text } = useWords();
  const navigation = useNavigation();
  useEffect(() => focusOn('step-title'), []);
  const way = back ?? { label: text('menu_home'), go: navigation.home };
  return (
    <div class="ow-shell ow-runs">
      <header class="ow-header ow-gutter">
        <div class="ow-runs-column ow-runs-head">
          <Button variant="text" icon="back" small onClick={way.go}>
            {way.label}
          </Button>
          {leaver && (
            <div class="ow-leaver">
              <Avatar name={leaver.name} />
              <div class="ow-leaver-text">
                <p class="ow-leaver-line">
                  <span class="ow-leaver-name" dir="auto" title={leaver.name}>
                    {leaver.name}
                  </span>
                  <Chip tone={leaver.active ? 'neutral' : 'warn'}>
                    {text(leaver.active ? 'status_active' : 'status_inactive')}
                  </Chip>
                </p>
                <p class="ow-leaver-email" dir="auto" title={leaver.email}>
                  {leaver.email}
                </p>
              </div>
            </div>
          )}
        </div>
      </header>
      <main class="ow-content ow-gutter ow-runs-column">
        <div class="ow-title-line">
          <h1 id="step-title" class="ow-title" tabIndex={-1}>
            {title}
          </h1>
          {aside}
        </div>
        {children}
      </main>
      {footer}
    </div>
  );
}
