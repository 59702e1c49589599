import type { Page } from 'puppeteer-core';

interface Point {
  x: number;
  y: number;
}

/**
 * The middles of all elements with this role and name, in page coordinates, through the accessibility tree: it sees
 * into closed shadow roots, which no selector does.
 */
export async function findByRole(page: Page, role: string, name: string | RegExp): Promise<Point[]> {
  const session = await page.createCDPSession();
  try {
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const found: Point[] = [];
    for (const node of nodes) {
      const text = String(node.name?.value ?? '');
      if (
        node.ignored ||
        node.role?.value !== role ||
        !(typeof name === 'string' ? text === name : name.test(text))
      )
        continue;
      if (node.backendDOMNodeId === undefined) continue;
      const box = await session
        .send('DOM.getBoxModel', { backendNodeId: node.backendDOMNodeId })
        .catch(() => undefined);
      const [left = 0, top = 0, right = 0, , , bottom = 0] = box?.model.border ?? [];
      if (box) found.push({ x: (left + right) / 2, y: (top + bottom) / 2 });
    }
    return found;
  } finally {
    await session.detach().catch(() => {});
  }
}

/** Waits until there is exactly one such element, and returns its middle. Throws after `patience` milliseconds. */
export async function waitForRole(
  page: Page,
  role: string,
  name: string | RegExp,
  patience = 15_000,
): Promise<Point> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await findByRole(page, role, name);
    if (found.length === 1 && found[0]) return found[0];
    if (Date.now() > end) throw new Error(`Expected one ${role} named ${name}, found ${found.length}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Clicks it as a person does: with a trusted event. */
export async function clickRole(page: Page, role: string, name: string | RegExp): Promise<void> {
  const { x, y } = await waitForRole(page, role, name);
  await page.mouse.click(x, y);
}
