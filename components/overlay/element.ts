type Child = Node | string | false | null | undefined;

/**
 * Makes an element: attributes by name (`true` sets it empty, `false` and `undefined` leave it out), listeners by
 * `on` and the event's name. The script in a workspace's page draws a handful of elements and carries no framework.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string | boolean | undefined | ((event: never) => void)> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value as (event: Event) => void);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child): child is Node | string => !!child || child === ''));
  return made;
}

/** A drawing of lines in a field of 16 by 16, for the eyes only. */
export function icon(path: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const drawing = document.createElementNS(space, 'svg');
  const line = document.createElementNS(space, 'path');
  for (const [key, value] of Object.entries({ viewBox: '0 0 16 16', width: '16', height: '16' }))
    drawing.setAttribute(key, value);
  drawing.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  drawing.append(line);
  return drawing;
}
