import { describeConnector } from './connector.ts';
import { makeContractFixture } from './contract.fixture.ts';

describeConnector('contract', makeContractFixture, { setActive: true, runs: true });
