import { sortedBy } from '../../model/order.ts';
import { ClusterError } from '../kubeconfig.ts';
import { keyOf, versionOf } from './event-line.ts';
import { adviceOn, type Keeping } from './keeping.ts';
import { listAll, listVersion, type Page } from './paged-list.ts';
import { ask } from './requests.ts';
import { isOlder } from './resource-version.ts';

interface Listed<Kept> {
	/** empty where the API server says none */
	readonly version: string;
	readonly objects: Map<string, { readonly version: string; readonly object: Kept }>;
}

/**
 * Lists all objects and hands them over at once, in place of all that were there.
 * @throws ClusterError when the list does not come whole: then nothing has changed
 */
export async function listResource<Kept>(keeping: Keeping<Kept>): Promise<void> {
	const listed = await readList(keeping);
	if (keeping.signal.aborted) return;
	if (listed.version === '') {
		throw new ClusterError(`the API server answered ${keeping.path} with a list that has no resourceVersion`);
	}
	const sorted = sortedBy(listed.objects, ([key]) => key);
	keeping.held.replace(new Map(sorted.map(([key, { version }]) => [key, version])));
	keeping.version = listed.version;
	keeping.stats.lists += 1;
	replaceAll(keeping, new Map(sorted.map(([key, { object }]) => [key, object])));
}

/** Says that these objects are all there are. */
export function replaceAll<Kept>({ stats, onEvent }: Keeping<Kept>, objects: ReadonlyMap<string, Kept>): void {
	stats.held = objects.size;
	stats.synced = true;
	onEvent({ type: 'replace', objects });
}

async function readList<Kept>(keeping: Keeping<Kept>): Promise<Listed<Kept>> {
	const { access, path, limits, signal, clock, stats } = keeping;
	let listed: Listed<Kept> = { version: '', objects: new Map() };
	await listAll({
		path,
		ask: (each) => ask(access, each, { silenceMs: limits.answerMs, signal }),
		advice: adviceOn,
		onPage: (page, first) => {
			stats.lastContact = clock.now();
			// All pages show the version of the first (client-go `tools/pager/pager.go` takes that, too).
			if (first) listed = { version: listVersion(page), objects: new Map() };
			takeItems(listed, page, keeping.project);
		},
	});
	return listed;
}

/** Of two items with one name the newer counts. */
function takeItems<Kept>({ objects }: Listed<Kept>, { items }: Page, project: (object: unknown) => Kept): void {
	for (const item of items ?? []) {
		const [key, version] = [keyOf(item), versionOf(item)];
		if (key === null) continue;
		const other = objects.get(key);
		if (other !== undefined && isOlder(version, other.version)) continue;
		objects.set(key, { version, object: project(item) });
	}
}
