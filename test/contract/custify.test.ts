import { describeConnector } from './connector.ts';
import { makeCustifyFixture } from './custify.fixture.ts';

const features = { setActive: false, runs: false, admin: 'unknown', guard: 'unknown' } as const;

describeConnector('custify, customers by id', () => makeCustifyFixture(), features);
