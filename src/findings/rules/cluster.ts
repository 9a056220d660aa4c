import { rules } from '../rule.ts';
import { SURROUNDINGS, WHOLE_SERVICE } from './causes.ts';

/** What is about no single Service, or says nothing of clients. */
export const CLUSTER_RULES = rules({
	'behaviour-changed': {
		severity: 'warn',
		mirrors: ['behaviour-changed'],
		waiver: null,
		hint: 'look at the flows: no other finding says why they change',
		causes: [['Service spec'], ...SURROUNDINGS, ['EndpointSlice endpoints']],
	},
	'rules-only': {
		severity: 'info',
		mirrors: ['rules-only'],
		waiver: null,
		hint: null,
		causes: [['Service spec'], ...SURROUNDINGS, ['EndpointSlice endpoints']],
	},
	cosmetic: {
		severity: 'info',
		mirrors: ['cosmetic'],
		waiver: null,
		hint: null,
		causes: [['Service spec'], ['EndpointSlice endpoints'], WHOLE_SERVICE],
	},
	'shared-rules-changed': {
		severity: 'info',
		mirrors: ['shared-rules-changed'],
		waiver: null,
		hint: null,
		causes: SURROUNDINGS,
	},
	'nodes-joined': { severity: 'info', mirrors: ['nodes-left'], waiver: null, hint: null, causes: [['Node']] },
	'nodes-left': { severity: 'info', mirrors: ['nodes-joined'], waiver: null, hint: null, causes: [['Node']] },
	'out-of-scope-change': {
		severity: 'error',
		mirrors: ['out-of-scope-change'],
		waiver: null,
		hint: 'name it with --only-affects if it is meant to change, else find out why it does',
		causes: [WHOLE_SERVICE, ['Service spec'], ['Workload', 'EndpointSlice endpoints'], ...SURROUNDINGS],
	},
	'guard-exceeded': {
		severity: 'error',
		mirrors: [],
		waiver: 'it counts what is lost; nothing is lost by what comes',
		hint: 'if all this is meant to go, raise --max-removed-percent',
		causes: [],
	},
});
