import type { InputObjects } from '../../findings/input-objects.ts';
import type { CheckDraft } from '../../model/check-report.ts';
import type { ClusterState, Service } from '../../model/cluster-state.ts';
import { inside, type Origin, type Problem } from '../../model/problem.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import type { CheckChoice } from '../result.ts';
import type { GroupSites } from '../site-groups.ts';

/** All that traps are looked for in. */
export interface Trapped {
	readonly state: ClusterState;
	readonly network: NetworkSettings;
	/** the objects as they stand in the input */
	readonly objects: InputObjects;
	/** of reading the input */
	readonly problems: readonly Problem[];
	readonly groupSites: GroupSites;
	readonly choice: CheckChoice;
}

/** Looks for one kind of trap. */
export type Trap = (trapped: Trapped) => readonly CheckDraft[];

/** A Service as messages name it. */
export function titleOf({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string {
	return `Service ${namespace}/${name}`;
}

/** A field of the Service's specification. */
export function specField({ origin }: Service, ...path: readonly string[]): Origin {
	return inside(origin, 'spec', ...path);
}
