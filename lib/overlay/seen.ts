/** The visible part of an element may be reported so late, milliseconds: the least that the standard allows. */
const delay = 100;

interface Occlusion extends IntersectionObserverEntry {
  isVisible?: boolean;
}

/**
 * Watches whether a person can really see an element, so that a page cannot lead a click to it that was meant for
 * something else: covered, cut off, transparent or distorted, it is not seen. Where the browser cannot say
 * (https://www.w3.org/TR/intersection-observer/#trackvisibility), what counts is which element lies on top.
 */
export function watchSeen(element: Element): { of(event: MouseEvent): boolean; stop(): void } {
  let seen = false;
  const take = (entries: readonly Occlusion[]): void => {
    const last = entries.at(-1);
    if (last) seen = last.isIntersecting && last.isVisible !== false;
  };
  const observer = new IntersectionObserver(take, {
    threshold: [0, 0.5, 1],
    trackVisibility: true,
    delay,
  } as IntersectionObserverInit);
  observer.observe(element);
  return {
    /** Whether this click is trusted, and on the element as a person sees it. */
    of(event) {
      take(observer.takeRecords());
      const { host } = element.getRootNode() as ShadowRoot;
      const place = host?.getRootNode() as Document | ShadowRoot | undefined;
      // A key's click has no place of its own.
      const onTop = event.detail === 0 || place?.elementFromPoint(event.clientX, event.clientY) === host;
      return event.isTrusted && seen && onTop;
    },
    stop: () => observer.disconnect(),
  };
}
