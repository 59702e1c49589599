import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { natterboxUserId, people, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import { type NatterboxSandbox, startNatterboxSandbox } from '../sandbox/natterbox/server.ts';

const hosts = {
  api: 'acme.my.salesforce.com',
  lightning: 'acme.lightning.force.com',
  visualforce: 'acme--nbavs.vf.force.com',
};

describe('the pages of the demo org', () => {
  let sandbox: NatterboxSandbox;
  beforeEach(async () => {
    sandbox = await startNatterboxSandbox();
  });
  afterEach(() => sandbox.close());

  /** One request to a real host name, in a browser that keeps cookies by host and follows no redirect. */
  const jar = new Map<string, string>();
  async function go(address: string, form?: Record<string, string>): Promise<Response> {
    const url = new URL(address);
    const response = await fetch(`${sandbox.url}${url.pathname}${url.search}`, {
      redirect: 'manual',
      headers: { 'x-forwarded-host': url.host, cookie: jar.get(url.host) ?? '' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    if (cookie) jar.set(url.host, cookie);
    return response;
  }
  const target = (response: Response, from: string): string =>
    new URL(response.headers.get('location') ?? '', from).href;

  it('signs in on all three hosts, each with a session of its own', async () => {
    jar.clear();
    const start = `http://${hosts.lightning}/lightning/o/nbavs__User__c/list`;
    const asked = target(await go(start), start);
    expect(asked).toContain('/sandbox/sign-in');
    expect(await (await go(asked)).text()).toContain('Priya Shah (admin)');
    const form = { user: salesforceUserId(1), next: '/lightning/o/nbavs__User__c/list' };
    let next = target(await go(asked, form), asked);
    for (const host of [hosts.api, hosts.lightning, hosts.visualforce]) {
      expect(new URL(next).host).toBe(host);
      next = target(await go(next), next);
    }
    expect(next).toBe(start);
    expect(new Set(jar.values()).size).toBe(3);
    const page = await (await go(start)).text();
    expect(page).toContain(`src="http://${hosts.visualforce}/apex/users"`);
    const frame = await (await go(`http://${hosts.visualforce}/apex/users`)).text();
    expect(frame.match(/>Deactivate<\/a>/g)).toHaveLength(118);
    expect(frame).toContain('>Deactivate Users</a>');
  });

  it('sends calls of the API from the Lightning host on, and takes no session of another host', async () => {
    const at = (host: keyof typeof hosts, session: string) =>
      fetch(`${sandbox.url}/services/data/v62.0/limits`, {
        redirect: 'manual',
        headers: { 'x-forwarded-host': hosts[host], authorization: `Bearer ${session}` },
      });
    expect((await at('lightning', sandbox.session(1, 'api'))).status).toBe(302);
    expect((await at('api', sandbox.session(1, 'visualforce'))).status).toBe(401);
    expect((await at('api', sandbox.session(1, 'lightning'))).status).toBe(401);
    expect((await at('api', sandbox.session(1, 'api'))).status).toBe(200);
  });

  it('deactivates as the product does: all of it, or nothing with the reason', async () => {
    const cookie = `sid=${encodeURIComponent(sandbox.session())}`;
    const deactivate = (user: number) =>
      fetch(`${sandbox.url}/apex/deactivate`, {
        method: 'POST',
        headers: { cookie },
        body: new URLSearchParams({ id: natterboxUserId(user) }),
      }).then((response) => response.text());
    const enabled = (user: number) =>
      sandbox.database.get<{ on: number }>(
        'SELECT "nbavs__Enabled__c" AS "on" FROM "nbavs__User__c" WHERE "Id" = ?',
        natterboxUserId(user),
      )?.on;
    expect(await deactivate(people.leaver)).toContain('1 of 1 deactivated.');
    expect(enabled(people.leaver)).toBe(0);
    expect(await deactivate(people.inactiveSalesforceUser)).toContain(
      'operation performed with inactive user',
    );
    expect(enabled(people.inactiveSalesforceUser)).toBe(1);
  });

  it.each([
    '/lightning/o/nbavs__Group__c/list',
    '/lightning/o/nbavs__PhoneNumber__c/list',
    '/lightning/o/nbavs__Device__c/list',
    '/sandbox/licences',
    `/lightning/r/nbavs__User__c/${natterboxUserId(people.leaver)}/view`,
    `/apex/useredit?id=${natterboxUserId(people.leaver)}`,
    `/apex/deactivate?id=${natterboxUserId(people.leaver)}`,
    '/apex/deactivateusers?text=da',
  ])('shows %s', async (path) => {
    const response = await fetch(`${sandbox.url}${path}`, {
      headers: { cookie: `sid=${encodeURIComponent(sandbox.session())}` },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/Dana Ruiz|Night Desk/);
  });
});
