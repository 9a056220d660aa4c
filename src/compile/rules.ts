import type { Action, Chain, Match, Rule } from '../model/ruleset.ts';

/** A rule without a comment, or with one. */
export function rule(when: readonly Match[], then: readonly Action[], note: string | null = null): Rule {
	return { kind: 'rule', when, then, note };
}

/** A chain that only other chains lead to and that every table has. */
export function commonChain(name: string, rules: readonly Rule[], comment: string | null = null): Chain {
	return { kind: 'chain', name, comment, hook: null, owner: null, rules };
}

export const NEW_CONNECTION: Match = { kind: 'new-connection' };
export const FROM_THIS_NODE: Match = { kind: 'local', field: 'saddr' };

/** What service ports are known by: destination address, protocol and port. */
export const DESTINATION = ['daddr', 'protocol', 'dport'] as const;
/** What NodePorts are known by. */
export const DESTINATION_PORT = ['protocol', 'dport'] as const;
