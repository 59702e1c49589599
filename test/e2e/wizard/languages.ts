import type { Frame, Page } from 'puppeteer-core';

/** Looks at pages in other languages; each answers with one line for each thing that is wrong. */

/** What is wider than the page: it would be cut off, or make the page scroll sideways. */
export function overflowing(page: Page | Frame): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const found: string[] = [];
    for (const element of document.querySelectorAll('.ow-root *')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || element.closest('.ow-hidden, [role="grid"], .ow-progress')) continue;
      if (box.right > wide + 1 || box.left < -1)
        found.push(`${element.tagName}.${element.className} sticks out`);
    }
    return found.slice(0, 3);
  });
}

/** Words that the page shows or names which come neither from a catalogue, which marks all its letters, nor from data. */
export function unmarked(page: Page | Frame): Promise<string[]> {
  return page.evaluate(() => {
    const given = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value === 'string') given.add(value);
      else if (value && typeof value === 'object') Object.values(value).forEach(collect);
    };
    collect((globalThis as unknown as { data: unknown }).data);
    const data = [...given].filter((text) => /[a-z]/iu.test(text)).sort((a, b) => b.length - a.length);
    const strange = (text: string): boolean => {
      // What stands in an isolate is an argument; isolates lie in each other.
      let rest = text;
      for (let before = ''; before !== rest; ) {
        before = rest;
        rest = rest.replaceAll(/\u2068[^\u2068\u2069]*\u2069/gu, '');
      }
      for (const known of data) if (rest.includes(known)) rest = rest.replaceAll(known, '');
      return /[a-z]{2}/iu.test(rest);
    };
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('.ow-root, .ow-root *')) {
      if (element.closest('.ow-avatar, script, style')) continue;
      // A matched part of a name stands in an element of its own.
      const own = element.querySelector('mark') ? element.textContent : textOf(element);
      for (const text of [
        own,
        ...['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext'].map((name) =>
          element.getAttribute(name),
        ),
      ])
        if (text && !element.closest('mark') && strange(text))
          found.push(`“${text}” comes from no catalogue`);
    }
    if (strange(document.title)) found.push(`The page’s title “${document.title}” comes from no catalogue`);
    return [...new Set(found)].slice(0, 8);

    function textOf(element: HTMLElement): string {
      return [...element.childNodes]
        .map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : ''))
        .join('');
    }
  });
}

/** Text that does not fit: cut off without an ellipsis, with one but no way to read the whole, or drawn over its box. */
export function cutOff(page: Page | Frame): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const named = (element: Element): boolean =>
      element.closest('[title], [aria-label], [role="row"], button, a') !== null;
    for (const element of document.querySelectorAll<HTMLElement>('.ow-root *')) {
      const text = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (!text || element.closest('.ow-hidden, .ow-visually-hidden, svg')) continue;
      const look = getComputedStyle(element);
      if (look.display === 'inline' || look.visibility === 'hidden' || element.clientWidth === 0) continue;
      const wide = element.scrollWidth > element.clientWidth + 1;
      const high = element.scrollHeight > element.clientHeight + 3;
      const words = `${element.tagName}.${element.className} “${(element.textContent ?? '').slice(0, 60)}”`;
      if (wide && look.overflowX === 'visible') found.push(`${words} runs over its box`);
      else if (wide && look.textOverflow !== 'ellipsis') found.push(`${words} is cut off`);
      else if (wide && !named(element)) found.push(`${words} cannot be read in full`);
      else if (high && look.overflowY !== 'visible' && look.overflowY !== 'auto')
        found.push(`${words} is cut off below`);
    }
    // A button whose words stand outside of it.
    for (const control of document.querySelectorAll<HTMLElement>('.ow-root button, .ow-root .ow-chip')) {
      const box = control.getBoundingClientRect();
      if (box.width === 0) continue;
      for (const child of control.querySelectorAll<HTMLElement>('*')) {
        const inner = child.getBoundingClientRect();
        if (
          inner.width > 0 &&
          !child.closest('.ow-hidden') &&
          (inner.left < box.left - 2 || inner.right > box.right + 2)
        )
          found.push(`${control.className} “${control.textContent?.slice(0, 60)}” is wider than its box`);
      }
    }
    return [...new Set(found)].slice(0, 6);
  });
}

/** What the page shows or names in the words of `foreign`, which its own language says otherwise. */
export function spokenIn(page: Page | Frame, foreign: readonly string[]): Promise<string[]> {
  return page.evaluate((phrases) => {
    const words = new Set(phrases);
    const found = new Set<string>();
    for (const element of document.querySelectorAll('.ow-root *')) {
      // What the columns are called is the workspace's, as is all that stands in an isolate.
      if (element.closest('[role="columnheader"], bdi')) continue;
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent?.trim() ?? '');
      for (const name of ['aria-label', 'title', 'placeholder']) found.add(element.getAttribute(name) ?? '');
    }
    return [...found].filter((text) => words.has(text)).map((text) => `“${text}” is not translated`);
  }, foreign);
}
