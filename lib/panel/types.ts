/** The types that components need of other rooms, handed on, so that components reach for lib/panel alone. */
export type { ConnectionView, Edit, Problem, Refusal } from '../messages/protocol.ts';
export type { MessageKey, Text } from '../text/text.ts';
