import type { Text } from '../../lib/panel/types.ts';
import { Button } from '../ui/Button.tsx';
import './wizard.css';

/** The page could not even be built: what the browser said, and the way to try again. */
export function StartFailed({
  text,
  detail,
  onRetry,
}: {
  text: Text;
  /** The browser's own words. */
  detail: string;
  onRetry: () => void;
}) {
  return (
    <main class="ow-page ow-gutter">
      <h1 id="step-title" class="ow-title" tabIndex={-1}>
        {text('start_failed_title')}
      </h1>
      <p>{detail}</p>
      <div>
        <Button variant="primary" onClick={onRetry}>
          {text('try_again')}
        </Button>
      </div>
    </main>
  );
}
