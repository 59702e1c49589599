import { describeConnector } from './connector.ts';
import { makeCustifyFixture } from './custify.fixture.ts';

/** The other half of the variants: see custify.test.ts. */
const features = { setActive: false, runs: false, admin: 'unknown', guard: 'unknown' } as const;

describeConnector(
  'custify, tasks whose assignee can be set, read late',
  () => makeCustifyFixture({ lag: 2 }, 'tasks.open'),
  features,
);

describeConnector(
  'custify, a user attribute as an object, all attributes replaced at each write',
  () =>
    makeCustifyFixture(
      { attribute: 'object', customAttributes: 'replace', total: 'missing' },
      'attributes.user:renewal_lead',
    ),
  features,
);

describeConnector(
  'custify, owners that the own id leaves as they are, silently',
  () => makeCustifyFixture({ ownerKey: 'companyIdAlone' }),
  features,
);
