// @vitest-environment happy-dom
import { type ComponentChild, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Button } from '../../../components/ui/Button.tsx';
import { Checkbox } from '../../../components/ui/Checkbox.tsx';
import { highlight } from '../../../components/ui/highlight.tsx';
import { Link } from '../../../components/ui/Link.tsx';
import { Notice } from '../../../components/ui/Notice.tsx';
import { RadioCards } from '../../../components/ui/RadioCards.tsx';
import { Skeleton } from '../../../components/ui/Skeleton.tsx';
import { Toast } from '../../../components/ui/Toast.tsx';

async function mount(node: ComponentChild): Promise<HTMLElement> {
  document.body.innerHTML = '<div id="root"></div>';
  const root = document.getElementById('root') as HTMLElement;
  await act(() => render(node, root));
  return root;
}

const find = <T extends HTMLElement>(root: HTMLElement, selector: string): T => {
  const element = root.querySelector<T>(selector);
  if (!element) throw new Error(`Nothing is “${selector}”.`);
  return element;
};

/** Lets the faked clock go on by so many milliseconds. */
const pass = (milliseconds: number) =>
  act(() => {
    vi.advanceTimersByTime(milliseconds);
  });

afterEach(() => {
  vi.useRealTimers();
});

describe('Button', () => {
  it('does nothing while it is busy, and keeps its place in the tab order', async () => {
    const click = vi.fn();
    const button = find<HTMLButtonElement>(
      await mount(
        <Button busy onClick={click}>
          Saving
        </Button>,
      ),
      'button',
    );
    button.click();
    expect(click).not.toHaveBeenCalled();
    expect([button.disabled, button.getAttribute('aria-busy'), button.getAttribute('aria-disabled')]).toEqual(
      [false, 'true', 'true'],
    );
  });

  it('is armed only some time after it appeared', async () => {
    vi.useFakeTimers();
    const click = vi.fn();
    const button = find(
      await mount(
        <Button variant="danger" armAfter={400} onClick={click}>
          Deactivate anyway
        </Button>,
      ),
      'button',
    );
    button.click();
    await pass(399);
    button.click();
    expect(click).not.toHaveBeenCalled();
    await pass(1);
    button.click();
    expect(click).toHaveBeenCalledTimes(1);
  });
});

describe('Checkbox', () => {
  it('shows what its owner says, not what was clicked', async () => {
    const change = vi.fn();
    const input = find<HTMLInputElement>(
      await mount(<Checkbox checked={false} onChange={change} label="Seen" />),
      'input',
    );
    await act(() => input.click());
    expect(change).toHaveBeenCalledWith(true);
    expect(input.checked).toBe(false);
  });
});

describe('RadioCards', () => {
  it('U1 moves by arrows and chooses by Enter or Space only', async () => {
    const change = vi.fn();
    const options = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B', disabled: true },
      { value: 'c', label: 'C' },
    ];
    const root = await mount(<RadioCards label="Mode" value="a" options={options} onChange={change} />);
    const cards = [...root.querySelectorAll<HTMLElement>('[role="radio"]')];
    expect(cards.map((card) => card.tabIndex)).toEqual([0, -1, -1]);
    const press = (target: HTMLElement | undefined, key: string) =>
      act(() => {
        target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      });
    cards[0]?.focus();
    await press(cards[0], 'ArrowDown');
    expect(document.activeElement).toBe(cards[2]);
    expect(change).not.toHaveBeenCalled();
    await press(cards[2], 'Enter');
    expect(change).toHaveBeenCalledWith('c');
    cards[1]?.click();
    expect(change).toHaveBeenCalledTimes(1);
  });
});

describe('highlight', () => {
  const marked = async (text: string, query: string) => {
    const root = await mount(<p>{highlight(text, query)}</p>);
    return [root.textContent, [...root.querySelectorAll('mark')].map((mark) => mark.textContent)];
  };
  it('marks each match without regard to case and changes no letter', async () => {
    expect(await marked('Mei Meier', 'MEI')).toEqual(['Mei Meier', ['Mei', 'Mei']]);
    expect(await marked('Call  Tom', '  ')).toEqual(['Call  Tom', []]);
    expect(await marked('İstanbul', 'stan')).toEqual(['İstanbul', []]);
  });
});

describe('Link', () => {
  it('R6 makes no link of an address that is no web address', async () => {
    for (const href of ['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,hello', '']) {
      const root = await mount(<Link href={href}>Open</Link>);
      expect(root.querySelector('a')).toBeNull();
      expect(root.textContent).toBe('Open');
    }
  });
  it('opens another tab without handing over the page', async () => {
    const link = find<HTMLAnchorElement>(
      await mount(
        <Link href="https://acme.example/" newTabLabel="new tab">
          Open
        </Link>,
      ),
      'a',
    );
    expect([link.target, link.rel, link.textContent]).toEqual([
      '_blank',
      'noopener noreferrer',
      'Open (new tab)',
    ]);
  });
});

describe('Notice', () => {
  it('copies its details and says so', async () => {
    const copy = vi.fn(() => Promise.resolve());
    const details = { label: 'Details', text: 'GET 500', copyLabel: 'Copy', copiedLabel: 'Copied', copy };
    const root = await mount(<Notice tone="danger" details={details} />);
    const button = find(root, 'button');
    await act(async () => {
      button.click();
      await Promise.resolve();
    });
    expect(copy).toHaveBeenCalledWith('GET 500');
    expect(button.textContent).toBe('Copied');
  });
});

describe('Toast', () => {
  it('goes by itself, but not while the pointer is on it', async () => {
    vi.useFakeTimers();
    const close = vi.fn();
    const root = await mount(
      <Toast toast={{ id: '1', text: 'Done' }} closeLabel="Close" onClose={close} duration={8000} />,
    );
    await act(() => {
      find(root, '.ow-toast').dispatchEvent(new Event('pointerenter'));
    });
    await pass(20_000);
    expect(close).not.toHaveBeenCalled();
    await act(() => {
      find(root, '.ow-toast').dispatchEvent(new Event('pointerleave'));
    });
    await pass(8000);
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe('Skeleton', () => {
  it('takes its space at once, draws after 200 ms, and speaks up after 5 s', async () => {
    vi.useFakeTimers();
    const root = await mount(<Skeleton rows={12} height={52} text="Counting open tasks" />);
    const drawn = () => root.querySelectorAll('.ow-skeleton-row').length;
    expect(drawn()).toBe(0);
    expect(
      find(root, '[aria-hidden]').style.minBlockSize || find(root, '[aria-hidden]').getAttribute('style'),
    ).toContain('416px');
    await pass(200);
    expect(drawn()).toBe(8);
    expect(find(root, 'p').className).toBe('ow-hidden');
    await pass(4800);
    expect(find(root, 'p').className).not.toContain('ow-hidden');
  });
});
