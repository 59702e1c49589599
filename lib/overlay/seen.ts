import { isObscured } from './covers.ts';

/** The visible part of an element may be reported so late, milliseconds: the least that the standard allows. */
const delay = 100;

interface Occlusion extends IntersectionObserverEntry {
  isVisible?: boolean;
}

/**
 * Watches whether a person can really see an element, so that a page cannot lead a click to it that was meant for
 * something else: covered, cut off, transparent or distorted, it is not seen. Where the browser cannot say
 * (https://www.w3.org/TR/intersection-observer/#trackvisibility), it is looked up at the click.
 */
export function watchSeen(element: Element): { of(event: MouseEvent): Promise<boolean>; stop(): void } {
  const tells = 'isVisible' in IntersectionObserverEntry.prototype;
  let seen = false;
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const take = (entries: readonly Occlusion[]): void => {
    const last = entries.at(-1);
    if (!last) return;
    seen = last.isIntersecting && last.isVisible !== false;
    tell();
  };
  const observer = new IntersectionObserver(take, {
    threshold: [0, 0.5, 1],
    trackVisibility: true,
    delay,
  } as IntersectionObserverInit);
  observer.observe(element);
  return {
    /**
     * Whether this click is trusted, and on the element as a person sees it. A click sooner than the browser has told of
     * the element at all waits for that, so that nobody is too quick for a button that they do see.
     */
    async of(event) {
      if (!event.isTrusted) return false;
      take(observer.takeRecords());
      const { host } = element.getRootNode() as ShadowRoot;
      const { left, top, width, height } = element.getBoundingClientRect();
      // A key's click has no place of its own: what counts is what can be seen of the button that has the focus.
      const [x, y] =
        event.detail === 0
          ? [within(left + width / 2, innerWidth), within(top + height / 2, innerHeight)]
          : [event.clientX, event.clientY];
      const place = host.getRootNode() as Document | ShadowRoot;
      if (event.detail !== 0 && place.elementFromPoint(x, y) !== host) return false;
      await told;
      return seen && (tells || !isObscured(element, host as HTMLElement, x, y));
    },
    stop() {
      observer.disconnect();
      tell();
    },
  };
}

const within = (at: number, length: number): number => Math.max(0, Math.min(at, length - 1));
