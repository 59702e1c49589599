/**
 * The colours of what stands in a workspace's pages: the panel's own, in the page's lightness instead of the
 * system's. `theme` names the set for a page.
 */
export const themeStyles = `
.light {
  --surface: #fff; --hover: #f1f3f7; --text: #171b24; --text-2: #475063; --border: #dfe3ea; --control: #7c8596;
  --accent: #2253cc; --accent-hover: #1a42a6; --on-accent: #fff; --danger: #b3261e; --danger-hover: #8f1e18;
  --danger-tint: #fdedeb; --on-danger: #fff; --warn: #7d4a00; --warn-tint: #fff3dc; --ok: #17663a; --ok-tint: #e5f4eb; --outside: #fff;
  --scrim: rgb(23 27 36 / .45);
}
.dark {
  --surface: #191d24; --hover: #222833; --text: #e9ecf2; --text-2: #b6bdca; --border: #2c333f; --control: #76808f;
  --accent: #93b4ff; --accent-hover: #b3caff; --on-accent: #0b1736; --danger: #ff9c93; --danger-hover: #ffbab4;
  --danger-tint: #3b1a17; --on-danger: #3a0905; --warn: #f0bc66; --warn-tint: #33270f; --ok: #7fd8a0; --ok-tint: #13301f; --outside: #000;
  --scrim: rgb(0 0 0 / .6);
}
* { box-sizing: border-box; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; box-shadow: 0 0 0 6px var(--outside); }
svg { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; flex: none; }
`;

export const theme = (dark: boolean): string => (dark ? 'dark' : 'light');
