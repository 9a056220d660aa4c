import type { ActionInputs } from './inputs.ts';

/** A comment of a pull request. */
export interface IssueComment {
	readonly id: number;
	readonly body: string;
	readonly author: string;
	readonly authorIsBot: boolean;
}

/**
 * The comment that is to be replaced: the first that begins with our line and is by ourselves. Anybody can write such a line,
 * and would keep the right to edit what stands below it.
 * @param marker the first line of our comments
 * @param viewer who we are; null for a workflow's own token, which does not say and writes as a bot
 */
export function ownComment(
	comments: readonly IssueComment[],
	marker: string,
	viewer: string | null,
): IssueComment | null {
	const isOurs = ({ author, authorIsBot }: IssueComment) => (viewer === null ? authorIsBot : author === viewer);
	return comments.find((each) => isOurs(each) && each.body.split(/\r?\n/, 1)[0] === marker) ?? null;
}

/** What is to be done about the comment. */
export type CommentStep = { readonly kind: 'create' | 'leave' } | { readonly kind: 'update'; readonly id: number };

/** Nobody is told that nothing changes, unless a comment says otherwise. */
export function commentStep(
	mode: ActionInputs['comment'],
	unchanged: boolean,
	existing: IssueComment | null,
	body: string,
): CommentStep {
	if (mode === 'never') return { kind: 'leave' };
	if (existing === null) return { kind: unchanged && mode === 'auto' ? 'leave' : 'create' };
	const isSame = existing.body.replaceAll('\r\n', '\n').trim() === body.trim();
	return isSame ? { kind: 'leave' } : { kind: 'update', id: existing.id };
}
