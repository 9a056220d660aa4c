import { createHash } from 'node:crypto';
import type { Draft } from './draft.ts';
import { objectText } from './draft.ts';

/**
 * The first 12 hexadecimal digits of a SHA-256 over `id | ns/name:port | before -> after`. Texts are spelled as JSON, so that
 * no text of one part is taken for another part.
 */
export function fingerprintOf({ id, object, identity }: Pick<Draft, 'id' | 'object' | 'identity'>): string {
	const canonical = JSON.stringify([id, objectText(object), identity.before, identity.after]);
	return createHash('sha256').update(canonical).digest('hex').slice(0, 12);
}
