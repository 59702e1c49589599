import type { Announcer } from './announcer.ts';

export { type Announcer, createAnnouncer } from './announcer.ts';

/** The page's two live regions, one polite and one alert. Once a page, from its first paint on. */
export function LiveRegion({ announcer }: { announcer: Announcer }) {
  return (
    <>
      <output class="ow-hidden" aria-live="polite" aria-atomic="true">
        {announcer.politeText.value}
      </output>
      <div class="ow-hidden" role="alert" aria-atomic="true">
        {announcer.alertText.value}
      </div>
    </>
  );
}
