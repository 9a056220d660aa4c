import { ClusterError } from '../kubeconfig.ts';
import { type Answer, property, Refusal } from './answers.ts';

/** A page of a list. */
export interface Page {
	/** Go may write an empty list as null. */
	readonly items: readonly unknown[] | null;
}

/** How a list is asked for. */
export interface Listing {
	readonly path: string;
	readonly ask: (path: string) => Promise<Answer>;
	/** what ends the sentence about a refusal */
	readonly advice: (status: number) => string;
	/** Told each page; with the first of a list, whatever came before it is void. */
	readonly onPage: (page: Page, first: boolean) => void;
}

const PAGE_SIZE = 500;
const MOST_RESTARTS = 3;

/**
 * Asks for the pages of a list. One whose continue token expired (410) begins anew, so that it is never half a list.
 * @throws Refusal when the API server says no, ClusterError when it cannot be reached or answers what is no list
 */
export async function listAll(listing: Listing): Promise<void> {
	for (let restarts = 0; restarts <= MOST_RESTARTS; restarts++) {
		if ((await listOnce(listing)) !== 'expired') return;
	}
	throw new ClusterError(
		`listing ${listing.path} expired ${MOST_RESTARTS + 1} times in a row; is the API server overloaded?`,
	);
}

async function listOnce({ path, ask, advice, onPage }: Listing): Promise<'whole' | 'expired'> {
	let next = '';
	let first = true;
	do {
		const query = `?limit=${PAGE_SIZE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
		const answer = await ask(`${path}${query}`);
		if (answer.status === 410) return 'expired';
		if (answer.status !== 200) throw new Refusal(path, answer, advice(answer.status));
		if (!isPage(answer.body)) throw new ClusterError(`the API server answered ${path} with something that is no list`);
		onPage(answer.body, first);
		next = continueToken(answer.body);
		first = false;
	} while (next !== '');
	return 'whole';
}

function isPage(body: unknown): body is Page {
	const [kind, items] = [property(body, 'kind'), property(body, 'items')];
	return typeof kind === 'string' && kind.endsWith('List') && (Array.isArray(items) || items === null);
}

function continueToken(page: Page): string {
	const token = property(property(page, 'metadata'), 'continue');
	return typeof token === 'string' ? token : '';
}

/** The resourceVersion that a list was made at; empty where it says none. */
export function listVersion(page: Page): string {
	const version = property(property(page, 'metadata'), 'resourceVersion');
	return typeof version === 'string' ? version : '';
}
