import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWeb, webOutput } from '../../sandbox/build-web.ts';

beforeAll(buildWeb);

describe('the built pages', () => {
  it('have no script or style inside the document, so that a policy of self holds', () => {
    const html = readFileSync(join(webOutput, 'index.html'), 'utf8');
    expect(html).toMatch(/<script[^>]*src="\/assets\//);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i);
  });

  it('load nothing from another host', () => {
    const files = readdirSync(webOutput, { recursive: true, encoding: 'utf8' });
    const texts = files.filter((file) => /\.(html|css|svg)$/.test(file));
    expect(texts.length).toBeGreaterThanOrEqual(3);
    for (const file of texts) {
      const text = readFileSync(join(webOutput, file), 'utf8').replaceAll('http://www.w3.org/2000/svg', '');
      expect(text, file).not.toMatch(/https?:\/\/|url\(["']?(\/\/|data:)/);
    }
  });

  it('are not built again while nothing changed', async () => {
    const built = () => statSync(join(webOutput, 'index.html')).mtimeMs;
    const before = built();
    await buildWeb();
    expect(built()).toBe(before);
  });
});
