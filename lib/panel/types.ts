/** The types that components need of other rooms, handed on, so that components reach for lib/panel alone. */
export type { ConnectionView, Problem, Refusal } from '../messages/protocol.ts';
