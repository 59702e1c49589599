/** How the page around an anchor looks, as far as our button follows it. */
export interface Appearance {
  dark: boolean;
  fontFamily: string;
  fontSize: string;
  radius: string;
}

/** Reads the page once: theme by what lies behind the anchor, font and corners from the nearest button of the page. */
export function appearanceOf(anchor: HTMLElement): Appearance {
  const model = anchor.querySelector<HTMLElement>('button, a[role="button"], a') ?? anchor;
  const style = getComputedStyle(model);
  return {
    dark: luminance(background(anchor)) < 0.4,
    fontFamily: style.fontFamily,
    fontSize: clampSize(style.fontSize),
    radius: model === anchor ? '6px' : style.borderTopLeftRadius || '6px',
  };
}

/** Text of a page is rarely so small or large that our button should follow it out of proportion. */
function clampSize(size: string): string {
  const pixels = Number.parseFloat(size);
  return Number.isFinite(pixels) ? `${Math.min(16, Math.max(12, pixels))}px` : '14px';
}

/** The first opaque colour behind an element, as red, green and blue in 0..255; white where there is none. */
function background(element: Element | null): [number, number, number] {
  for (let current = element; current; current = parent(current)) {
    const parts =
      getComputedStyle(current)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number) ?? [];
    const [red = 255, green = 255, blue = 255, alpha = 1] = parts;
    if (parts.length >= 3 && alpha >= 0.5) return [red, green, blue];
  }
  return [255, 255, 255];
}

const parent = (element: Element): Element | null =>
  element.parentElement ?? ((element.getRootNode() as ShadowRoot).host as Element | undefined) ?? null;

/** Relative luminance, 0 (black) to 1 (white). https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: [number, number, number]): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
