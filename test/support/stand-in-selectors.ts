import type { ApiObject } from './stand-in-store.ts';

/**
 * Whether a list or watch asks for an object. Of all selectors only the field selector `metadata.name=NAME` narrows, by which a
 * proxy watches its own Node; what others would leave out, those who ask look at themselves.
 */
export function selected(query: URLSearchParams): (object: ApiObject) => boolean {
	const name = /^metadata\.name=([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
	return ({ metadata }) => name === undefined || Object(metadata).name === name;
}
