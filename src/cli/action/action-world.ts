import type { Environment } from '../../action/inputs.ts';
import { type Target, targetOf } from '../../action/target.ts';
import { readText } from '../../host/text-file.ts';

/** What the event that started the workflow is about. An event that cannot be read is about nothing. */
export async function targetIn({ GITHUB_EVENT_NAME, GITHUB_EVENT_PATH }: Environment): Promise<Target> {
	const text = await readText(GITHUB_EVENT_PATH ?? '').catch(() => '');
	return targetOf(GITHUB_EVENT_NAME ?? '', jsonOf(text));
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** Where the files of the head side are to be seen: `https://github.com/shop/deploy/blob/8d02e1a…/`; null outside pull requests. */
export function linkBaseOf(target: Target, { GITHUB_SERVER_URL, GITHUB_REPOSITORY }: Environment): string | null {
	if (target.kind === 'none' || !GITHUB_SERVER_URL || !GITHUB_REPOSITORY) return null;
	return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${target.headSha}/`;
}
