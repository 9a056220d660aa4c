import type { KubeConfig } from '@kubernetes/client-node';
import type { Document } from '../model/document.ts';
import { type ClusterChoice, loadConfig } from './kubeconfig.ts';
import { get, Refusal } from './watch/answers.ts';
import { type Connection, connectionOf } from './watch/connection.ts';
import { listAll, type Page } from './watch/paged-list.ts';
import { projectTo } from './watch/project.ts';
import { PODS, RESOURCES, type Resource } from './watch/resources.ts';

const TIMEOUT_MS = 30_000;

/**
 * Lists what decides about rules, page by page.
 * @param onPage is told how many objects are there so far
 * @throws ClusterError when the cluster cannot be reached, refuses, or answers what is no list
 */
export async function readCluster(
	choice: ClusterChoice,
	onPage: (objects: number) => void,
	resources: readonly Resource[] = RESOURCES,
): Promise<readonly Document[]> {
	const config = await loadConfig(choice);
	const connection = await connectionOf(config);
	const file = nameOf(config);
	const documents: Document[] = [];
	let objects = 0;
	const advice = adviceOn(resources);
	for (const resource of resources) {
		const pages = await pagesOf(connection, resource, advice, (found) => onPage(objects + found));
		for (const value of pages) documents.push({ file, index: documents.length, value });
		objects += count(pages);
	}
	return documents;
}

/** What messages call the cluster, where they name a file for other input. */
function nameOf(config: KubeConfig): string {
	return config.getCurrentContext() || 'cluster';
}

/** What helps where the API server refuses. */
function adviceOn(resources: readonly Resource[]): (status: number) => string {
	const needed = resources.filter(({ optional }) => !optional).map(({ name }) => name);
	const names = `${needed.slice(0, -1).join(', ')} and ${needed.at(-1)}`;
	return (status) => {
		if (status === 401) return '; are the credentials of the kubeconfig still good?';
		return status === 403 ? `; nft-gen needs the verb list on ${names} of the whole cluster` : '';
	};
}

async function pagesOf(
	connection: Connection,
	{ path, optional, apiVersion, kind }: Resource,
	advice: (status: number) => string,
	onPage: (objects: number) => void,
): Promise<readonly Page[]> {
	let pages: Page[] = [];
	try {
		await listAll({
			path,
			ask: (each) => get(connection, each, { silenceMs: TIMEOUT_MS }),
			advice,
			onPage: (page, first) => {
				if (first) pages = [];
				pages.push(kind === PODS.kind ? smaller(page, projectTo(apiVersion, kind)) : page);
				onPage(count(pages));
			},
		});
	} catch (error) {
		if (optional && isAbsence(error)) return [];
		throw error;
	}
	return pages;
}

/** A Pod is mostly what we do not read. */
function smaller(page: Page, project: (object: unknown) => unknown): Page {
	return { ...page, items: (page.items ?? []).map(project) };
}

/** Whether the API server says that there is no such resource, or that it is none of our business. */
function isAbsence(error: unknown): boolean {
	return error instanceof Refusal && (error.status === 404 || error.status === 403);
}

function count(pages: readonly Page[]): number {
	return pages.reduce((sum, { items }) => sum + (items ?? []).length, 0);
}
