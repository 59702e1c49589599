import { describeConnector } from './connector.ts';
import { makeCustifyFixture } from './custify.fixture.ts';

/** The conformance suite; the other half of the variants is in custify-variants.test.ts, which runs beside this. */
const features = { setActive: false, runs: false, admin: 'unknown', guard: 'unknown' } as const;

describeConnector('custify, owners by id', () => makeCustifyFixture(), features);

describeConnector(
  'custify, owners by email, lists without a total, nothing but what has to be there',
  () =>
    makeCustifyFixture({
      ...{ owner: 'email', attribute: 'email', total: 'missing', idKey: '_id', people: 'object' },
      ...{ userFilter: 'email', taskFilter: 'ignored', userModel: 'absent', automations: 'silent' },
      ...{ objectives: 'company', attributeNames: 'prefixed', customAttributes: 'replace', lag: 1 },
    }),
  features,
);

describeConnector(
  'custify, owners as objects that only the external id changes, a refusal before',
  () =>
    makeCustifyFixture(
      {
        ...{ owner: 'object', attribute: 'object', ownerKey: 'companyIdOrRefused', userModel: 'user' },
        ...{ userFilter: 'ignored', taskFilter: 'email', companions: false },
      },
      'customers.accountManager',
    ),
  features,
);
