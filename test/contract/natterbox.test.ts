import { describeConnector } from './connector.ts';
import { makeNatterboxFixture } from './natterbox.fixture.ts';

describeConnector('natterbox', makeNatterboxFixture, { setActive: true, runs: false });
